import './base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { clock } from './lib/clock.svelte';
import { startLanguage } from './lib/language.svelte';
import { router } from './lib/router.svelte';
import { registerWorker } from './lib/shell-worker';
import { session, startApp } from './state/app.svelte';

router.start();
clock.start();
startApp();
if (router.hash === '' || router.path !== '/sign-in') void session.load();
else session.expire();
void startLanguage().then(() => {
  mount(App, { target: document.body });
  void registerWorker();
});
