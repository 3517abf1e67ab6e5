import './nonce.ts';
import './main.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { electronHost } from '../host/electron-host.ts';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root === null || window.breakwater === undefined)
  throw new Error('this page belongs into the window of Breakwater');
createRoot(root).render(
  <StrictMode>
    <App host={electronHost(window.breakwater)} />
  </StrictMode>,
);
