// Starts the UI on whatever host the build chose. Nothing else happens here.
import { render } from 'solid-js/web';
import { createHost } from '#host';
import { App } from './app';
import './theme.css';
import './frame.css';
import './parts.css';
import './now.css';
import './sessions.css';
import './charts.css';
import './past.css';
import './desk.css';

const root = document.getElementById('root');
if (root) render(() => <App host={createHost()} />, root);
