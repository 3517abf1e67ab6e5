import './welcome.css';

import { ArrowRight, RefreshCw } from 'lucide-react';

import type { HostReport } from '../../../electron/contract/host.ts';
import { useAnswer } from '../../state/answer.ts';
import { bringUp } from '../../state/bring-up.ts';
import { complain } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { changePreferences } from '../../state/preferences.ts';
import { formatRoute } from '../../state/parse-route.ts';
import { goTo } from '../../state/route.ts';
import { useSnapshot, useTask } from '../../state/snapshot.ts';
import { Button } from '../../ui/button.tsx';
import { Swell } from '../../ui/swell.tsx';
import { HostFindings } from './host-findings.tsx';
import { Harbour } from './harbour.tsx';

/** The lab that explains itself best to somebody who has never seen one. */
const firstLab = 'filtering/ingress-source';

/** What this is, whether this computer can do it, and the way into the first lab. */
export function Welcome() {
  const { value: report, error, reload } = useAnswer('host.examine', {});
  const building = useTask('host.buildImage');
  const rising = useTask('network.up');
  const busy = building ?? rising;
  const running = useSnapshot(({ now }) => now?.network?.lab);
  const lacking = report?.findings.filter((it) => !it.ok && !isImage(it)) ?? [];
  return (
    <div className="welcome">
      <div className="welcome-story">
        <Harbour />
        <h1>A whole small Internet provider, made to be attacked and mended</h1>
        <p className="lead">
          Routers, name servers and mail servers run on this computer, sealed off from every real network. Breakwater
          attacks them with real packets and shows what got through. You mend the configuration until every attack is
          stopped and every customer is still served.
        </p>
        <div className="start">
          <Button
            tone="primary"
            className="large"
            icon={busy === undefined ? undefined : <Swell />}
            disabled={report === undefined || lacking.length > 0 || busy !== undefined}
            onClick={() => begin(report, reload).catch(complain)}
          >
            {busy === undefined ? startWords(running) : building === undefined ? 'The network comes up' : 'Setting up'}
            {busy === undefined && <ArrowRight size={18} aria-hidden />}
          </Button>
          <a href={formatRoute({ screen: 'catalogue', view: 'labs' })}>Look at all labs</a>
        </div>
        <p className="doing quiet" role="status">
          {busy ?? nextWords(report, lacking.length)}
        </p>
      </div>
      <section className="welcome-host" aria-labelledby="host-title">
        <header>
          <h2 id="host-title">This computer</h2>
          <Button tone="quiet" icon={<RefreshCw size={15} aria-hidden />} onClick={reload}>
            Look again
          </Button>
        </header>
        {error !== undefined && <p className="quiet">{error.message}</p>}
        {report === undefined && error === undefined && <Swell />}
        {report !== undefined && <HostFindings findings={report.findings} building={building} />}
      </section>
    </div>
  );
}

function isImage({ title }: HostReport['findings'][number]): boolean {
  return title === 'node image';
}

function startWords(running: string | null | undefined): string {
  return running === undefined ? 'Start the first lab' : 'Go to the first lab';
}

function nextWords(report: HostReport | undefined, lacking: number): string {
  if (report === undefined) return 'Looking at what this computer has …';
  if (lacking > 0)
    return `${lacking === 1 ? 'One thing is' : `${lacking} things are`} missing here. The command beside it mends it.`;
  if (!report.image)
    return 'The first start builds the node image from Debian packages; that takes a few minutes, once.';
  return 'The first lab takes three quarters of an hour. Nothing leaves this computer.';
}

/** Everything that stands between a newcomer and the first lab, in one go. */
async function begin(report: HostReport | undefined, reload: () => void): Promise<void> {
  changePreferences({ welcomed: true });
  if (report?.image === false) {
    await host().call('host.buildImage', {});
    reload();
  }
  if (useSnapshot.getState().now?.network?.lab !== firstLab) await bringUp(firstLab);
  goTo({ screen: 'lab', lab: firstLab });
}
