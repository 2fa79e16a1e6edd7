// Starts the UI on the host selected by the build.
import { render } from 'solid-js/web';
import { createHost } from '#host';
import './styles/layers.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/frame.css';
import './styles/utilities.css';
import './components/button.css';
import './components/card.css';
import './components/fact-list.css';
import './components/headline.css';
import './components/input.css';
import './components/list-item.css';
import './components/virtual-rows.css';
import { App } from './app';
import { beginOpening } from './lib/window-frame';

/** The longest wait for the font, in milliseconds. A text in another font would change its size. */
const FONT_TIMEOUT = 200;

const root = document.getElementById('root');
if (root) {
  const host = createHost();
  beginOpening(host.start?.frameStyle ?? 'system');
  const font = document.fonts.load('13px Inter').catch(() => undefined);
  const timeout = new Promise((resolve) => setTimeout(resolve, FONT_TIMEOUT));
  void Promise.race([font, timeout]).then(() => render(() => <App host={host} />, root));
}
