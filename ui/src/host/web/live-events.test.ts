import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeEventSource } from './fake-event-source';
import { createLiveEvents, MAX_HIDDEN_TIME, MAX_RETRY_DELAY, MIN_RETRY_DELAY } from './live-events';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeEventSource);
  FakeEventSource.created.length = 0;
});

afterEach(() => {
  setHidden(false);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Subscribes to events of a server that responds as `isReachable` tells. */
function subscribe(isReachable: () => boolean = () => true) {
  const [revisions, connections]: [number[], boolean[]] = [[], []];
  const events = createLiveEvents(() => Promise.resolve(isReachable()));
  const stops = [events.onSnapshot((snapshot) => revisions.push(snapshot.revision)), events.onConnection((connected) => connections.push(connected))];
  return { revisions, connections, stop: () => stops.forEach((each) => each()) };
}

test('all listeners share one stream, which ends with the last of them', () => {
  const { revisions, connections, stop } = subscribe();
  expect(FakeEventSource.created.map((source) => source.url)).toEqual(['/api/v1/events']);
  FakeEventSource.latest().open();
  FakeEventSource.latest().send({ revision: 7 });
  FakeEventSource.latest().send({ revision: 8 });
  expect(revisions).toEqual([7, 8]);
  expect(connections, 'the first connection is no change').toEqual([]);
  stop();
  expect(FakeEventSource.latest().readyState).toBe(FakeEventSource.CLOSED);
});

test('a broken connection is reported once, and restored by the browser', () => {
  const { connections, stop } = subscribe();
  const source = FakeEventSource.latest();
  source.open();
  source.breakConnection();
  source.breakConnection();
  source.open();
  expect(connections).toEqual([false, true]);
  expect(FakeEventSource.created).toHaveLength(1);
  stop();
});

test('a refused stream is opened again once the server responds, after growing delays', async () => {
  let isReachable = false;
  const { connections, revisions, stop } = subscribe(() => isReachable);
  FakeEventSource.latest().refuse();
  await vi.advanceTimersByTimeAsync(MIN_RETRY_DELAY);
  isReachable = true;
  await vi.advanceTimersByTimeAsync(2 * MIN_RETRY_DELAY - 1);
  expect(FakeEventSource.created, 'the second delay is twice the first').toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeEventSource.created).toHaveLength(2);
  FakeEventSource.latest().open();
  FakeEventSource.latest().send({ revision: 9 });
  expect([connections, revisions]).toEqual([[false, true], [9]]);
  stop();
});

test('the delays have an upper bound', async () => {
  let checks = 0;
  const { stop } = subscribe(() => ((checks += 1), false));
  FakeEventSource.latest().refuse();
  await vi.advanceTimersByTimeAsync(10 * MAX_RETRY_DELAY);
  const before = checks;
  await vi.advanceTimersByTimeAsync(3 * MAX_RETRY_DELAY);
  expect(checks - before).toBe(3);
  stop();
  await vi.advanceTimersByTimeAsync(3 * MAX_RETRY_DELAY);
  expect(checks - before, 'nothing is checked without listeners').toBe(3);
});

test('a page hidden for long closes its stream, and opens it when it is seen again', async () => {
  const { connections, stop } = subscribe();
  FakeEventSource.latest().open();
  setHidden(true);
  await vi.advanceTimersByTimeAsync(MAX_HIDDEN_TIME - 1);
  setHidden(false);
  await vi.advanceTimersByTimeAsync(MAX_HIDDEN_TIME);
  expect(FakeEventSource.latest().readyState, 'it was hidden for a short time').toBe(FakeEventSource.OPEN);
  setHidden(true);
  await vi.advanceTimersByTimeAsync(MAX_HIDDEN_TIME);
  expect(FakeEventSource.latest().readyState).toBe(FakeEventSource.CLOSED);
  setHidden(false);
  expect(FakeEventSource.created).toHaveLength(2);
  expect(connections, 'nothing was lost').toEqual([]);
  stop();
});
