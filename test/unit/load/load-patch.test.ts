import { describe, expect, it } from 'vitest';

import { parsePatch } from '#core/load/load-patch.ts';

const context = { kind: 'accept', nodes: ['pe1'] } as const;

const patch = `Title: A filter, and its table
Why: The route back decides,
  in both families.

Free text for whoever reads it.

diff --git a/pe1/etc/nftables.conf b/pe1/etc/nftables.conf
index 83db48f..bf269f4 100644
--- a/pe1/etc/nftables.conf
+++ b/pe1/etc/nftables.conf
@@ -1,3 +1,4 @@ table inet edge
 a

--- a comment in SQL
+++ counter
+d
\\ No newline at end of file
diff --git a/pe1/etc/new b/pe1/etc/new
new file mode 100644
--- /dev/null
+++ b/pe1/etc/new
@@ -0,0 +1 @@
+x
diff --git a/pe1/etc/empty b/pe1/etc/empty
new file mode 100644
index 0000000..e69de29
diff --git a/pe1/etc/old b/pe1/etc/old
deleted file mode 100644
--- a/pe1/etc/old
+++ /dev/null
@@ -1 +0,0 @@
-x
-- 
2.39.5
`;

describe('a patch', () => {
  const read = parsePatch('accept/filter-and-table.patch', patch, context);

  it('is named by its file and has a head', () => {
    expect(read).toMatchObject({
      name: 'filter-and-table',
      title: 'A filter, and its table',
      why: 'The route back decides, in both families.',
      fails: [],
    });
  });

  it('changes, makes and deletes files', () => {
    expect(read.paths).toEqual(['pe1/etc/nftables.conf', 'pe1/etc/new', 'pe1/etc/empty', 'pe1/etc/old']);
  });

  it('keeps the diff as it is', () => {
    expect(read.diff).toBe(patch.slice(patch.indexOf('diff --git')));
  });

  it('says which checks fail when it is a wrong fix', () => {
    const reject = `Title: x\nWhy: y\nFails: one, two\n${patch.slice(patch.indexOf('\ndiff --git'))}`;
    expect(parsePatch('x.patch', reject, { ...context, kind: 'reject' }).fails).toEqual(['one', 'two']);
  });
});
