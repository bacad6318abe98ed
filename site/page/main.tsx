import { render } from 'preact';
import { App } from './app.js';
import { keepOffline } from './offline.js';
import { followAddress } from './state.js';

const page = document.getElementById('page') as HTMLElement;
// A link that is opened is read first: what it shows is the first thing to be seen.
if (location.hash === '') render(<App />, page);
void followAddress().then(() => render(<App />, page));
keepOffline();
