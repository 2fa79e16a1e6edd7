// An `EventSource` for tests, whose events and connection are controlled by the test.

export class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  /** All sources so far, the latest last. */
  static readonly created: FakeEventSource[] = [];
  readonly url: string;
  readyState = FakeEventSource.CONNECTING;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.created.push(this);
  }

  /** Returns the latest source. */
  static latest(): FakeEventSource {
    const source = FakeEventSource.created.at(-1);
    if (!source) throw new Error('no source was created');
    return source;
  }

  open(): void {
    this.readyState = FakeEventSource.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  send(snapshot: unknown): void {
    this.dispatchEvent(new MessageEvent('snapshot', { data: JSON.stringify(snapshot) }));
  }

  /** Breaks the connection, which the browser opens again. */
  breakConnection(): void {
    this.readyState = FakeEventSource.CONNECTING;
    this.dispatchEvent(new Event('error'));
  }

  /** Fails for good, as after a response that is no stream. */
  refuse(): void {
    this.readyState = FakeEventSource.CLOSED;
    this.dispatchEvent(new Event('error'));
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }
}
