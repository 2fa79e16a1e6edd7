// The scripted replies of the fake Messages API. A prompt that ends with `play:NAME` is answered with the replies of that
// name: the first one at once, the second after the first round of tool results, and so on. All content is made up.
//
// A reply has `blocks` and optionally
//   output   billed output tokens; a made-up figure if absent
//   pause    milliseconds between two pieces of the stream
//   pieces   the number of pieces of each text
//   ending   `drop` closes the connection before the end, `error` sends an error event
//   refuse   the HTTP status of a refusal, which bills nothing; `times` is the number of refusals before the reply

const text = (content) => ({ type: 'text', text: content });
const thinking = (content) => ({ type: 'thinking', thinking: content });
const tool = (name, input) => ({ type: 'tool_use', name, input });
const bash = (command) => tool('Bash', { command, description: 'Run a made-up command' });
const agent = (description, prompt, rest) => tool('Agent', { description, prompt, subagent_type: 'general-purpose', ...rest });

const LONG_TEXT = 'The boats leave the harbor in the morning and come back in the evening. '.repeat(12);

export const DEFAULT_REPLY = { blocks: [text('Hello from the made-up model.')] };
export const SUMMARY_REPLY = { blocks: [text('<analysis>Made up.</analysis>\n<summary>\n1. Primary request: count the boats.\n</summary>')], output: 654 };
export const LABEL_REPLY = { blocks: [text('harbor work')], output: 9 };
export const STATE_REPLY = {
  blocks: [text(JSON.stringify({ state: 'done', detail: 'work finished', tempo: 'idle', output: { result: 'made up' } }))],
  output: 31,
};

const REPLIES = {
  tools: [
    { blocks: [thinking('Two steps.'), text('The files come first.'), bash('ls')] },
    { blocks: [tool('Read', { file_path: 'README.md' })] },
    { blocks: [bash('echo one'), bash('echo two')] },
    { blocks: [text('All steps are done.')] },
  ],
  slowTools: [
    { blocks: [text('The first step.'), bash('echo one')], pause: 60 },
    { blocks: [bash('sleep 1; echo two')], pause: 60 },
    { blocks: [text('Both steps are done.')], pause: 60 },
  ],
  agents: [
    { blocks: [agent('Count the boats', 'Count the boats. play:boats'), agent('Count the gulls', 'Count the gulls. play:gulls', { model: 'haiku' })] },
    { blocks: [text('Both agents have reported.')] },
  ],
  boats: [{ blocks: [bash('ls')] }, { blocks: [tool('Read', { file_path: 'README.md' })] }, { blocks: [text('There are two boats.')] }],
  gulls: [{ blocks: [bash('pwd')] }, { blocks: [text('There are no gulls.')] }],
  refused: [{ refuse: 529, times: 2, blocks: [text('An answer after two refusals.')] }],
  dropped: [{ blocks: [text('This connection drops.'), bash('echo never')], ending: 'drop', output: 600 }, { blocks: [text('After the drop.')] }],
  failed: [{ blocks: [text('This stream ends with an error.')], ending: 'error', output: 601 }, { blocks: [text('After the error.')] }],
  killed: [{ blocks: [text('One step before the end.'), bash('echo one')] }, { blocks: [text(LONG_TEXT)], pause: 400, pieces: 60, output: 2111 }],
  slow: [{ blocks: [text(LONG_TEXT)], pause: 400, pieces: 60, output: 2222 }],
};

/** Returns the scripted reply for a name and the number of answers since its prompt. The last reply repeats. */
export function findReply(name, answers) {
  const replies = REPLIES[name];
  return replies ? replies[Math.min(answers, replies.length - 1)] : DEFAULT_REPLY;
}
