import './prose.css';

import { createContext, type ReactNode, use } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

interface ProseProps {
  readonly markdown: string;
  /** A link was chosen: the page itself leads nowhere. */
  readonly onLink: (url: string) => void;
}

const FollowLink = createContext<(url: string) => void>(() => {});

/** The screen has a first heading of its own, so those of the text stand one lower. */
const components: Components = {
  h1: 'h2',
  h2: 'h3',
  h3: 'h4',
  img: () => null,
  a: Link,
};

/** Markdown from a lab's author: laid out, and stripped of everything that could act. */
export function Prose({ markdown, onLink }: ProseProps) {
  return (
    <FollowLink value={onLink}>
      <div className="prose">
        <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={components}>
          {markdown}
        </Markdown>
      </div>
    </FollowLink>
  );
}

function Link({ href = '', children }: { readonly href?: string; readonly children?: ReactNode }) {
  const follow = use(FollowLink);
  return (
    <a
      href={href}
      onClick={(event) => {
        event.preventDefault();
        follow(href);
      }}
    >
      {children}
    </a>
  );
}

/** Our own sentences set names and commands between backticks. */
export function Inline({ text }: { readonly text: string }) {
  // oxlint-disable-next-line react/no-array-index-key -- the parts of a sentence have no other name
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
