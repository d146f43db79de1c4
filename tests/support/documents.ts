/* The documents of this repository, as tests read them: links, commands in `sh` blocks, error codes in headings. */
import { readdir, readFile } from 'node:fs/promises';
import { inRepo } from './paths.ts';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.hailong', '.cache', '.out']);

export interface Document {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** Every *.md of the repository. */
export async function documents(folder = ''): Promise<Document[]> {
  const found: Document[] = [];
  for (const entry of await readdir(inRepo(folder), { withFileTypes: true })) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...(await documents(path)));
    else if (entry.name.endsWith('.md')) found.push({ path, text: await readFile(inRepo(path), 'utf8') });
  }
  return found;
}

/** Targets of links and pictures that lie in the repository, without their anchors. */
export function linksOf({ text }: Document): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** The commands of every fenced `sh` block, one a line. */
export function commandsOf({ text }: Document): string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    (block ?? '')
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
}
