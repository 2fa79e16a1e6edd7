// Starts the UI on the host selected by the build.
import { render } from 'solid-js/web';
import { createHost } from '#host';
import './styles/layers.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/utilities.css';
import './components/button.css';
import './components/card.css';
import './components/fact-list.css';
import './components/headline.css';
import './components/input.css';
import './components/list-item.css';
import { App } from './app';

const root = document.getElementById('root');
if (root) render(() => <App host={createHost()} />, root);
