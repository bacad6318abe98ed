import { render } from 'preact';
import { App } from './app.js';
import { keepOffline } from './offline.js';

render(<App />, document.getElementById('page') as HTMLElement);
keepOffline();
