// The share card: a preview of everything that is on it, two choices, and buttons that save or copy it.
import { createEffect, createMemo, createResource, createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import type { ApiError } from '../bindings/ApiError';
import { Dialog } from '../components/dialog';
import { RefusalMessage } from '../components/refusal-message';
import { SavedNote } from '../components/saved-note';
import { ToggleSwitch } from '../components/toggle-switch';
import type { Host } from '../host/host';
import { toRefusal } from '../host/refusal';
import { firstWeekday, parseDay, toIsoDate, yearStart } from '../lib/calendar-day';
import { copyPicture } from '../lib/clipboard';
import { useHost, useSnapshotStore } from '../lib/contexts';
import { text } from '../strings';
import { buildCard, CARD_DAYS, type CardModel, describeCard } from './card-model';
import { CARD_HEIGHT, CARD_WIDTH, drawCard, toPng } from './draw-card';
import './share-dialog.css';

const strings = text.reach.shareDialog;

export function ShareDialog(props: { onClose: () => void }): JSX.Element {
  const host = useHost();
  const store = useSnapshotStore();
  const snapshot = store.state.snapshot;
  const [showsProjects, setShowsProjects] = createSignal(false);
  const [showsCost, setShowsCost] = createSignal(true);
  const weekStart = snapshot?.display.weekStart ?? 'auto';
  const today = parseDay(snapshot?.today.date ?? '') ?? 0;
  const year = createHistory(() => host.history(toIsoDate(yearStart(today, firstWeekday(weekStart))), null, 'model'));
  const recent = createHistory(() => host.history(toIsoDate(today - CARD_DAYS + 1), null, 'project'));
  const card = createMemo(() => {
    const [days, months] = [recent(), year()];
    if (!days || !months) return null;
    return buildCard(days, months, { showsCost: showsCost(), showsProjects: showsProjects(), weekStart, isDemo: snapshot?.isDemo === true });
  });
  return (
    <Dialog title={strings.title} testid="share-dialog" isWide onClose={props.onClose}>
      <p class="caption">{strings.note}</p>
      <Show when={card()} fallback={<p role="status">{recent.state() === 'errored' || year.state() === 'errored' ? strings.failed : strings.loading}</p>}>
        {(drawn) => <Preview card={drawn()} host={host} />}
      </Show>
      <div class="card card--rows share-options">
        <Option label={strings.projects} note={strings.projectsNote} isOn={showsProjects()} onChange={setShowsProjects} testid="share-projects" />
        <Option label={strings.cost} isOn={showsCost()} onChange={setShowsCost} testid="share-cost" />
      </div>
    </Dialog>
  );
}

/** Requests a part of the history once. The value is undefined while it is pending and after a failure. */
function createHistory(request: () => ReturnType<Host['history']>) {
  const [resource] = createResource(request);
  const state = () => resource.state;
  return Object.assign(() => (state() === 'ready' ? resource() : undefined), { state });
}

interface OptionProps {
  label: string;
  note?: string;
  isOn: boolean;
  onChange: (on: boolean) => void;
  testid: string;
}

function Option(props: OptionProps): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="share-options__row">
      <div>
        <p id={id}>{props.label}</p>
        <Show when={props.note}>{(note) => <p class="caption">{note()}</p>}</Show>
      </div>
      <ToggleSwitch isOn={props.isOn} onChange={props.onChange} labelledBy={id} testid={props.testid} />
    </div>
  );
}

/** A card that was saved: its path, or null for a download of the browser. */
interface SavedCard {
  path: string | null;
}

function Preview(props: { card: CardModel; host: Host }): JSX.Element {
  const [saved, setSaved] = createSignal<SavedCard | null>(null);
  const [isCopied, setCopied] = createSignal(false);
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  let canvas!: HTMLCanvasElement;
  createEffect(() => {
    draw(canvas, props.card);
    // The saved or copied picture was another one.
    setSaved(null);
    setCopied(false);
  });
  const withPicture = async (use: (png: Blob) => Promise<void>) => {
    setRefusal(null);
    await toPng(canvas).then(use).catch((thrown: unknown) => setRefusal(toRefusal(thrown)));
  };
  const save = (png: Blob) => png.arrayBuffer().then((bytes) => props.host.saveShareCard(new Uint8Array(bytes))).then((path) => void setSaved({ path }));
  const copy = async (png: Blob) => {
    if (!(await copyPicture(png, props.host))) throw new Error(text.reach.copyFailed);
    setCopied(true);
  };
  return (
    <>
      <canvas
        ref={(element) => (canvas = element)}
        class="share-preview"
        width={CARD_WIDTH}
        height={CARD_HEIGHT}
        role="img"
        aria-label={strings.preview(describeCard(props.card))}
        data-testid="share-preview"
      />
      <div class="button-row">
        <button type="button" class="button button--primary" data-testid="save-card" onClick={() => void withPicture(save)}>
          {strings.save}
        </button>
        <button type="button" class="button" data-testid="copy-card" onClick={() => void withPicture(copy)}>
          {strings.copy}
        </button>
      </div>
      <p class="caption selectable" role="status" data-testid="share-result">
        <Show when={isCopied()}>{strings.copied}</Show>
        <Show when={saved()}>{(card) => <SavedNote path={card().path} />}</Show>
      </p>
      <Show when={refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
    </>
  );
}

/** Draws the card in the colors and the font of the document. */
function draw(canvas: HTMLCanvasElement, card: CardModel): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  drawCard(context, card, (token) => style.getPropertyValue(token).trim(), getComputedStyle(document.body).fontFamily);
}
