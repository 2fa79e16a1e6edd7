// The host in a web browser: the web server answers requests to the engine and sends snapshots as events. Without a
// session the server refuses everything, and the page leads to its sign-in page.
import { text } from '../strings';
import { createEngineRequests, rejectUnsupported } from './engine-requests';
import type { Host, HostFeature } from './host';
import { saveAsDownload } from './web/download';
import { exportUrl } from './web/export-url';
import { createLiveEvents } from './web/live-events';
import { formatRouteHash, parseRouteHash } from './web/route-hash';
import { createServerClient } from './web/server-client';

/** The page shown without a session. */
const SIGN_IN = '/sign-in';

const features: ReadonlySet<HostFeature> = new Set(['signOut']);

/** Creates the host. `leave` replaces this page by another page of the server. */
export function createHost(leave: (path: string) => void = (path) => location.replace(path)): Host {
  const server = createServerClient(() => leave(SIGN_IN));
  const events = createLiveEvents(() => server.isReachable());
  return {
    ...createEngineRequests((request) => server.request(request)),
    features,
    start: { snapshot: null, route: parseRouteHash(location.hash), frame: 'window', frameStyle: 'system', isStatuslineOn: null },
    onSnapshot: (listener) => Promise.resolve(events.onSnapshot(listener)),
    onConnection: (listener) => Promise.resolve(events.onConnection(listener)),
    frame: () => Promise.resolve('window'),
    route: () => Promise.resolve(parseRouteHash(location.hash)),
    onRoute: (listener) => {
      const read = () => listener(parseRouteHash(location.hash));
      addEventListener('hashchange', read);
      return Promise.resolve(() => removeEventListener('hashchange', read));
    },
    keepRoute: (route) => {
      const hash = formatRouteHash(route);
      if (hash !== formatRouteHash(parseRouteHash(location.hash))) history.pushState(null, '', hash);
    },
    // The page copies itself.
    copyText: () => Promise.resolve(false),
    copyShareCard: () => Promise.resolve(false),
    saveShareCard: (png) => {
      saveAsDownload(new Blob([new Uint8Array(png)], { type: 'image/png' }), text.web.shareCardFile);
      return Promise.resolve(null);
    },
    exportHistory: async (content) => {
      const { blob, name } = await server.download(exportUrl(content));
      saveAsDownload(blob, name ?? text.web.exportFile);
      return null;
    },
    signOut: async () => {
      await server.signOut();
      leave(SIGN_IN);
    },
    autostart: rejectUnsupported,
    setAutostart: rejectUnsupported,
    statusline: rejectUnsupported,
    setStatusline: rejectUnsupported,
    saveDiagnostics: rejectUnsupported,
    startDaemon: rejectUnsupported,
    startDemo: rejectUnsupported,
    leaveDemo: rejectUnsupported,
    setPinned: rejectUnsupported,
    detach: rejectUnsupported,
    quit: rejectUnsupported,
    openDashboard: rejectUnsupported,
    openSessionFolder: rejectUnsupported,
    dismiss: rejectUnsupported,
    // The browser's window keeps its size and its edges.
    onFrameStyle: () => Promise.resolve(() => undefined),
    fitHeight: () => Promise.resolve(null),
    painted: () => Promise.resolve(),
  };
}
