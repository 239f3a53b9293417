import type { Map as BaseMap, GeoJSONSource } from 'maplibre-gl';
import type { LonLat } from '../api/contract';
import { fontFamily, type ThemeName, tokens } from '../shell/theme';
import type { TrailDrawing } from './control';

const sourceId = 'vehicle-trail';
const badgePixels = 24;

/**
 * Where a vehicle has been: a cased line with arrows in its direction, its stops numbered, A and B at its ends. In the base map's own
 * drawing, so that it lies below every live symbol; it adds, feeds and removes its own source and layers, again after each change of style.
 */
export class TrailLayer {
  private trail: TrailDrawing | null = null;
  private drawnTheme: ThemeName | null = null;
  private styled = false;
  private isDrawing = false;

  constructor(
    private readonly base: BaseMap,
    private readonly theme: () => ThemeName,
  ) {
    // A change between styles that are alike takes our layers away without a `style.load`.
    base.on('style.load', () => this.onStyle());
    base.on('styledata', () => this.styled && this.onStyle());
  }

  show(trail: TrailDrawing | null): void {
    this.trail = trail;
    if (this.styled) {
      this.draw();
    }
  }

  private onStyle() {
    this.styled = true;
    // What we add ourselves is told as a change of style, too.
    if (this.trail && !this.isDrawing && !this.base.getSource(sourceId)) {
      this.draw();
    }
  }

  private draw() {
    this.isDrawing = true;
    this.drawAll();
    this.isDrawing = false;
  }

  private drawAll() {
    if (this.drawnTheme !== this.theme() || (!this.trail && this.base.getSource(sourceId))) {
      this.remove();
    }
    if (!this.trail) {
      return;
    }
    const data = featuresOf(this.trail);
    for (const name of new Set(data.features.map(({ properties }) => properties.icon).filter((icon) => icon !== undefined))) {
      this.addImage(name);
    }
    // For whoever cannot see the line.
    this.base.getContainer().dataset.trail = String(this.trail.lines.length);
    const source = this.base.getSource<GeoJSONSource>(sourceId);
    if (source) {
      source.setData(data);
      return;
    }
    this.drawnTheme = this.theme();
    const token = tokens[this.drawnTheme];
    this.addImage('arrow');
    this.base.addSource(sourceId, { type: 'geojson', data });
    const line = (id: string, width: number, colour: string) =>
      this.base.addLayer({
        id,
        type: 'line',
        source: sourceId,
        filter: ['==', ['geometry-type'], 'LineString'],
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': colour, 'line-width': width },
      });
    line(`${sourceId}-casing`, 7, token.casing);
    line(`${sourceId}-line`, 4, token.text2);
    this.base.addLayer({
      id: `${sourceId}-arrows`,
      type: 'symbol',
      source: sourceId,
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 90,
        'icon-image': imageName('arrow'),
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    });
    this.base.addLayer({
      id: `${sourceId}-stops`,
      type: 'symbol',
      source: sourceId,
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'icon-image': ['concat', `${sourceId}-`, ['get', 'icon']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    });
  }

  private remove() {
    for (const layer of ['stops', 'arrows', 'line', 'casing']) {
      if (this.base.getLayer(`${sourceId}-${layer}`)) {
        this.base.removeLayer(`${sourceId}-${layer}`);
      }
    }
    if (this.base.getSource(sourceId)) {
      this.base.removeSource(sourceId);
    }
    for (const image of this.base.listImages().filter((name) => name.startsWith(sourceId))) {
      this.base.removeImage(image);
    }
    this.drawnTheme = null;
    delete this.base.getContainer().dataset.trail;
  }

  private addImage(icon: string) {
    if (this.base.hasImage(imageName(icon))) {
      return;
    }
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = badgePixels * 2;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) {
      return;
    }
    context.scale(2, 2);
    context.translate(badgePixels / 2, badgePixels / 2);
    const token = tokens[this.theme()];
    if (icon === 'arrow') {
      context.beginPath();
      context.moveTo(6, 0);
      context.lineTo(-5, -6);
      context.lineTo(-2, 0);
      context.lineTo(-5, 6);
      context.closePath();
      context.lineWidth = 2;
      context.strokeStyle = token.casing;
      context.stroke();
      context.fillStyle = token.text;
      context.fill();
    } else {
      context.beginPath();
      context.arc(0, 0, 11, 0, Math.PI * 2);
      context.fillStyle = token.raised;
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = token.text;
      context.stroke();
      context.font = `600 ${icon.length > 1 ? 13 : 16}px ${fontFamily}`;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillStyle = token.text;
      context.fillText(icon, 0, 1);
    }
    this.base.addImage(imageName(icon), context.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: 2 });
  }
}

const imageName = (icon: string) => `${sourceId}-${icon}`;

function featuresOf({ lines, stops }: TrailDrawing) {
  const point = (at: LonLat | undefined, icon: string) =>
    at ? [{ type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: at }, properties: { icon } }] : [];
  return {
    type: 'FeatureCollection' as const,
    features: [
      ...lines
        .filter((line) => line.length > 1)
        .map((coordinates) => ({
          type: 'Feature' as const,
          geometry: { type: 'LineString' as const, coordinates },
          properties: { icon: undefined as string | undefined },
        })),
      // A single place has no beginning and no end.
      ...(lines.flat().length > 1 ? [...point(lines[0]?.[0], 'A'), ...point(lines.at(-1)?.at(-1), 'B')] : []),
      ...stops.flatMap(({ at, number }) => point(at, String(number))),
    ],
  };
}
