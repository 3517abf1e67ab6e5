import './nonce.ts';
import { electronHost } from '../host/electron-host.ts';
import { start } from './start.tsx';

if (window.breakwater === undefined) throw new Error('this page belongs into the window of Breakwater');
void start(electronHost(window.breakwater));
