import { theme as antd, type ThemeConfig } from 'antd';

// The tokens of the design standard. One table serves the component library, the style sheets and the map symbols.

export type ThemeName = 'day' | 'night';
export type Leg = 'available' | 'toScene' | 'onScene' | 'hospital' | 'out';

interface PriorityColours {
  fill: string;
  edge: string;
  text: string;
  digit: string;
}

export interface Tokens {
  bg: string;
  panel: string;
  raised: string;
  text: string;
  text2: string;
  text3: string;
  edge: string;
  line: string;
  link: string;
  focus: string;
  fault: string;
  selected: string;
  selectedText: string;
  warnBand: string;
  warnText: string;
  errorBand: string;
  errorText: string;
  casing: string;
  legs: Record<Leg, string>;
  priorities: Record<1 | 2 | 3 | 4, PriorityColours>;
}

export const tokens: Record<ThemeName, Tokens> = {
  day: {
    bg: '#E8EBEE',
    panel: '#F6F7F8',
    raised: '#FFFFFF',
    text: '#14191F',
    text2: '#4A545F',
    text3: '#5F6974',
    edge: '#727B85',
    line: '#C9CFD5',
    link: '#0A58A8',
    focus: '#0A58A8',
    fault: '#5B3FA0',
    selected: '#CFE0F3',
    selectedText: '#14191F',
    warnBand: '#FFF1D6',
    warnText: '#14191F',
    errorBand: '#FDE7E7',
    errorText: '#B3121D',
    casing: '#FFFFFF',
    legs: { available: '#02754B', toScene: '#1455B8', onScene: '#6A1B57', hospital: '#452A10', out: '#66727C' },
    priorities: {
      1: { fill: '#B3121D', edge: '#B3121D', text: '#B3121D', digit: '#FFFFFF' },
      2: { fill: '#E07A10', edge: '#9A4A00', text: '#9A4A00', digit: '#14191F' },
      3: { fill: '#F5CB1D', edge: '#6E5600', text: '#6E5600', digit: '#14191F' },
      4: { fill: '#FFFFFF', edge: '#4A545F', text: '#4A545F', digit: '#14191F' },
    },
  },
  night: {
    bg: '#14181D',
    panel: '#1B2026',
    raised: '#242B33',
    text: '#DCE1E6',
    text2: '#A9B3BD',
    text3: '#929CA7',
    edge: '#7A8692',
    line: '#343D47',
    link: '#7DB9F0',
    focus: '#FFD54A',
    fault: '#B9A3F5',
    selected: '#24405E',
    selectedText: '#F2F5F8',
    warnBand: '#3A2A12',
    warnText: '#FFC27A',
    errorBand: '#3E1B1E',
    errorText: '#FF9B9B',
    casing: '#0E1115',
    legs: { available: '#14BC7B', toScene: '#358AFD', onScene: '#F2BCED', hospital: '#F1EADD', out: '#858C93' },
    priorities: {
      1: { fill: '#FF5C5C', edge: '#FF5C5C', text: '#FF7A7A', digit: '#0E1115' },
      2: { fill: '#FF9E3D', edge: '#FF9E3D', text: '#FF9E3D', digit: '#0E1115' },
      3: { fill: '#1B2026', edge: '#FFE27A', text: '#FFE27A', digit: '#FFE27A' },
      4: { fill: '#1B2026', edge: '#B4BDC6', text: '#B4BDC6', digit: '#B4BDC6' },
    },
  },
};

export const fontFamily = '"Noto Sans SC","Source Han Sans SC","Microsoft YaHei UI","PingFang SC",sans-serif';

export function componentTheme(name: ThemeName): ThemeConfig {
  const token = tokens[name];
  return {
    algorithm: name === 'day' ? antd.defaultAlgorithm : antd.darkAlgorithm,
    token: {
      colorBgLayout: token.bg,
      colorBgContainer: token.panel,
      colorBgElevated: token.raised,
      colorText: token.text,
      colorTextSecondary: token.text2,
      colorTextTertiary: token.text3,
      colorTextPlaceholder: token.text3,
      colorBorder: token.edge,
      colorPrimary: token.link,
      colorLink: token.link,
      colorError: token.errorText,
      fontFamily,
      fontSize: 16,
      controlHeight: 32,
      borderRadius: 2,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.12s',
    },
    components: {
      Button: {
        primaryColor: name === 'day' ? '#FFFFFF' : '#0E1115',
        contentFontSize: 16,
        primaryShadow: 'none',
        defaultShadow: 'none',
      },
    },
  };
}

/** The same tokens as CSS variables: `--panel`, `--leg-toScene`, `--p1-fill`. */
export function cssVariables(name: ThemeName): Record<string, string> {
  const { legs, priorities, ...plain } = tokens[name];
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(plain)) {
    variables[`--${key}`] = value;
  }
  for (const [leg, value] of Object.entries(legs)) {
    variables[`--leg-${leg}`] = value;
  }
  for (const [priority, colours] of Object.entries(priorities)) {
    for (const [part, value] of Object.entries(colours)) {
      variables[`--p${priority}-${part}`] = value;
    }
  }
  return variables;
}
