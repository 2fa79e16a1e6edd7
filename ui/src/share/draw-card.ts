// Draws the share card on a canvas of 1200 × 630 pixels, the size that previews of links have. The colors are those of the
// theme. A canvas writes no text into its PNG: names are in the picture only if they are drawn.
import type { TokenKind } from '../lib/token-kinds';
import { text } from '../strings';
import type { CardModel } from './card-model';

export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;

const MARGIN = 64;
const RIGHT = CARD_WIDTH - MARGIN;

/** The width of a column of figures, in pixels. */
const FIGURE_COLUMN = 146;

/** The area of the year, in pixels. */
const YEAR = { top: 318, gap: 3, radius: 3 };

const BAR = { left: 140, top: 488, height: 16, radius: 4, gap: 2 };

const kindColors: Record<TokenKind, string> = {
  outputTokens: '--kind-output',
  cacheCreationTokens: '--kind-write',
  cacheReadTokens: '--kind-read',
  inputTokens: '--kind-input',
};

/** Draws a card. `color` returns the value of a color token. */
export function drawCard(context: CanvasRenderingContext2D, card: CardModel, color: (token: string) => string, font: string): void {
  const pen = new Pen(context, color, font);
  pen.fill('--ground', 0, 0, CARD_WIDTH, CARD_HEIGHT, 0);
  drawHeader(pen, card);
  drawFigures(pen, card);
  drawYear(pen, card);
  drawKinds(pen, card);
  drawFoot(pen, card);
}

interface TextStyle {
  size: number;
  token: string;
  weight?: number;
  align?: CanvasTextAlign;
}

/** Draws shapes and texts in the colors of the theme. */
class Pen {
  readonly context: CanvasRenderingContext2D;
  private readonly color: (token: string) => string;
  private readonly font: string;

  constructor(context: CanvasRenderingContext2D, color: (token: string) => string, font: string) {
    this.context = context;
    this.color = color;
    this.font = font;
  }

  fill(token: string, x: number, y: number, width: number, height: number, radius: number): void {
    this.context.fillStyle = this.color(token);
    this.context.beginPath();
    this.context.roundRect(x, y, width, height, radius);
    this.context.fill();
  }

  /** Writes a text with its baseline at `y`, and returns its width. */
  write(value: string, x: number, y: number, { size, token, weight = 400, align = 'left' }: TextStyle): number {
    this.context.font = `${weight} ${size}px ${this.font}`;
    this.context.fillStyle = this.color(token);
    this.context.textAlign = align;
    this.context.fillText(value, x, y);
    return this.context.measureText(value).width;
  }

  arc(token: string, x: number, y: number, radius: number, from: number, to: number): void {
    this.context.strokeStyle = this.color(token);
    this.context.lineWidth = 4;
    this.context.lineCap = 'round';
    this.context.beginPath();
    this.context.arc(x, y, radius, from, to);
    this.context.stroke();
  }
}

function drawHeader(pen: Pen, card: CardModel): void {
  const [x, y] = [MARGIN + 13, 71];
  pen.arc('--track', x, y, 11, Math.PI * 0.72, Math.PI * 2.28);
  pen.arc('--calm', x, y, 11, Math.PI * 0.72, Math.PI * 1.5);
  pen.write(text.app.name, MARGIN + 42, 79, { size: 24, token: '--ink', weight: 600 });
  pen.write(card.month, RIGHT, 78, { size: 19, token: '--dim', align: 'right' });
}

function drawFigures(pen: Pen, card: CardModel): void {
  pen.write(card.lead, MARGIN - 4, 222, { size: 116, token: '--ink', weight: 600 });
  pen.write(card.caption, MARGIN, 260, { size: 23, token: '--dim' });
  card.figures.toReversed().forEach(({ value, label }, at) => {
    const x = RIGHT - at * FIGURE_COLUMN;
    pen.write(value, x, 230, { size: 30, token: '--ink', weight: 600, align: 'right' });
    pen.write(label, x, 258, { size: 18, token: '--dim', align: 'right' });
  });
}

function drawYear(pen: Pen, card: CardModel): void {
  const side = (RIGHT - MARGIN + YEAR.gap) / Math.max(1, card.weeks);
  for (const { week, name } of card.months) pen.write(name, MARGIN + week * side, YEAR.top - 8, { size: 14, token: '--mute' });
  for (const { week, row, step } of card.squares) {
    pen.fill(`--heat-${step}`, MARGIN + week * side, YEAR.top + row * side, side - YEAR.gap, side - YEAR.gap, YEAR.radius);
  }
}

function drawKinds(pen: Pen, card: CardModel): void {
  pen.write(text.tokensUnit, MARGIN, BAR.top + 14, { size: 18, token: '--dim' });
  const width = RIGHT - BAR.left;
  let x = BAR.left;
  let legend = MARGIN;
  for (const { kind, share } of card.kinds) {
    pen.fill(kindColors[kind], x, BAR.top, Math.max(3, share * width - BAR.gap), BAR.height, BAR.radius);
    x += share * width;
    pen.fill(kindColors[kind], legend, BAR.top + 36, 12, 12, 3);
    legend += 48 + pen.write(text.tokenKinds[kind], legend + 20, BAR.top + 47, { size: 18, token: '--dim' });
  }
}

function drawFoot(pen: Pen, card: CardModel): void {
  pen.write(card.projects.join('  ·  '), MARGIN, 584, { size: 20, token: '--ink', weight: 500 });
  pen.write(card.foot, RIGHT, 584, { size: 18, token: '--dim', align: 'right' });
}

/** Returns the picture as a PNG. */
export function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is empty'))), 'image/png');
  });
}
