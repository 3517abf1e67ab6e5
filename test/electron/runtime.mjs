import { electronDist } from '../../scripts/electron-dist.mjs';

/** Before all tests: the Electron that they run in, unless somebody chose one. */
export default function chooseRuntime() {
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = electronDist();
}
