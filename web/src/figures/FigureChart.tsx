import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../shell/desk';
import { formatDuration } from '../shell/formats';

echarts.use([BarChart, GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, AriaComponent, CanvasRenderer]);

export interface ChartBar {
  name: string;
  p50: number | null;
  p90: number | null;
}

interface FigureChartProps {
  label: string;
  bars: readonly ChartBar[];
  targetSeconds: number | null;
}

/** Median solid, 90th percentile hollow, the target as a dashed line. The table beside it says the same in numbers. */
export default function FigureChart({ label, bars, targetSeconds }: FigureChartProps) {
  const { t } = useTranslation();
  const theme = useDesk((state) => state.theme);
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are the theme's
  useEffect(() => {
    if (!box.current) {
      return;
    }
    const colours = getComputedStyle(document.documentElement);
    const colour = (name: string) => colours.getPropertyValue(name).trim();
    const [ink, faint, line] = [colour('--text'), colour('--text2'), colour('--edge') || colour('--text3')];
    const chart = echarts.init(box.current, null, { renderer: 'canvas' });
    const words = { color: ink, fontSize: 16, fontFamily: getComputedStyle(box.current).fontFamily };
    chart.setOption({
      animation: false,
      textStyle: words,
      grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: words, selectedMode: false },
      tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => (typeof value === 'number' ? formatDuration(value) : '–') },
      xAxis: {
        type: 'category',
        data: bars.map(({ name }) => name),
        axisLabel: { ...words, hideOverlap: true },
        axisLine: { lineStyle: { color: line } },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: { ...words, color: faint, formatter: (value: number) => formatDuration(value) },
        splitLine: { lineStyle: { color: line, opacity: 0.3 } },
      },
      series: [
        {
          name: t('figures.p50'),
          type: 'bar',
          barMaxWidth: 48,
          data: bars.map(({ p50 }) => p50),
          itemStyle: { color: ink },
          markLine:
            targetSeconds === null
              ? undefined
              : {
                  symbol: 'none',
                  silent: true,
                  data: [{ yAxis: targetSeconds }],
                  lineStyle: { color: ink, type: 'dashed', width: 2 },
                  label: {
                    ...words,
                    position: 'insideEndTop',
                    formatter: t('figures.targetOf', { time: formatDuration(targetSeconds) }),
                  },
                },
        },
        {
          name: t('figures.p90'),
          type: 'bar',
          barMaxWidth: 48,
          data: bars.map(({ p90 }) => p90),
          itemStyle: { color: 'transparent', borderColor: ink, borderWidth: 1.5 },
        },
      ],
    });
    const resizing = new ResizeObserver(() => chart.resize());
    resizing.observe(box.current);
    return () => {
      resizing.disconnect();
      chart.dispose();
    };
  }, [bars, targetSeconds, theme, t]);
  return (
    <div ref={box} className="figures-chart" role="img" aria-label={label} data-testid="figure-chart" data-bars={bars.length} />
  );
}
