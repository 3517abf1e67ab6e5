import { useWork } from '../../state/work.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { Editor } from '../editor/editor.tsx';
import { Panel } from '../faults/panel.tsx';
import { Terminals } from '../terminal/terminals.tsx';

/** Terminals and files; neither loses anything while the other is shown. */
export function WorkPane() {
  const { view, show } = useWork();
  return (
    <Tabs
      label="Work"
      value={view}
      onChange={show}
      tabs={[
        {
          id: 'terminals',
          label: 'Terminals',
          keep: true,
          content: (
            <Panel name="Terminals">
              <Terminals />
            </Panel>
          ),
        },
        {
          id: 'files',
          label: 'Configuration',
          keep: true,
          content: (
            <Panel name="Configuration">
              <Editor />
            </Panel>
          ),
        },
      ]}
    />
  );
}
