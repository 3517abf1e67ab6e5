import './panel.css';

import { Copy, RotateCw } from 'lucide-react';
import { Component, type ErrorInfo, type ReactNode, useState } from 'react';

import { useSnapshot } from '../../state/snapshot.ts';
import { Button } from '../../ui/button.tsx';
import { copy } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { describeFault, type Fault } from './describe-fault.ts';

interface PanelProps {
  /** As the person knows it. */
  readonly name: string;
  /** A way out beside trying again, where the whole screen is gone. */
  readonly aside?: ReactNode;
  /** What it shows: another one is drawn, whatever became of the one before. */
  readonly subject?: string;
  readonly children: ReactNode;
}

interface PanelState {
  readonly fault: Fault | undefined;
  /** What was shown when it failed. */
  readonly subject: string | undefined;
}

/** A part of the window. A fault of it stays in it: the other parts go on, and it can be drawn again. */
export class Panel extends Component<PanelProps, PanelState> {
  override readonly state: PanelState = { fault: undefined, subject: this.props.subject };

  static getDerivedStateFromProps({ subject }: PanelProps, state: PanelState): PanelState | null {
    return subject === state.subject ? null : { fault: undefined, subject };
  }

  static getDerivedStateFromError(error: unknown): Pick<PanelState, 'fault'> {
    return { fault: { error, components: '', at: new Date() } };
  }

  override componentDidCatch(_error: unknown, { componentStack }: ErrorInfo): void {
    this.setState(({ fault }) =>
      fault === undefined ? null : { fault: { ...fault, components: componentStack ?? '' } },
    );
  }

  override render(): ReactNode {
    const { fault } = this.state;
    const { name, aside, children } = this.props;
    if (fault === undefined) return children;
    return <FaultNotice panel={name} fault={fault} aside={aside} onAgain={() => this.setState({ fault: undefined })} />;
  }
}

interface FaultNoticeProps {
  readonly panel: string;
  readonly fault: Fault;
  readonly aside: ReactNode;
  readonly onAgain: () => void;
}

function FaultNotice({ panel, fault, aside, onAgain }: FaultNoticeProps) {
  const version = useSnapshot(({ now }) => now?.version);
  const [isCopied, setCopied] = useState(false);
  const report = describeFault(fault, { panel, version, screen: location.hash, browser: navigator.userAgent });
  return (
    <div className="fault" role="alert">
      <Notice tone="broken" title={`“${panel}” cannot be shown`}>
        <p>
          This is a fault of Breakwater and not of your configuration. The rest of the window goes on, and nothing that
          you saved is lost.
        </p>
        <p className="fault-ways">
          <Button icon={<RotateCw size={16} aria-hidden />} onClick={onAgain}>
            Show it again
          </Button>
          <Button icon={<Copy size={16} aria-hidden />} onClick={() => setCopied(copy(report))}>
            {isCopied ? 'Copied' : 'Copy the report'}
          </Button>
          {aside}
        </p>
        <details>
          <summary>What happened</summary>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it */}
          <pre tabIndex={0} role="region" aria-label="Report of the fault">
            {report}
          </pre>
        </details>
      </Notice>
    </div>
  );
}
