// Starts the dashboard of a team's hub.
import { render } from 'solid-js/web';
import '../styles/layers.css';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/layout.css';
import '../styles/utilities.css';
import '../components/button.css';
import '../components/card.css';
import '../components/headline.css';
import '../components/input.css';
import '../components/list-item.css';
import { createTeamHost } from '../host/team';
import { TeamApp } from './team-app';

const root = document.getElementById('root');
if (root) render(() => <TeamApp host={createTeamHost()} />, root);
