// Synthetic Claude Code logs. Ids are unique, so that each message counts once. The folder adds up the tokens that were
// written, so that a test knows the expected total without asking the program.

import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const MODEL = 'claude-sonnet-4-5-20250929';
const VERSION = '2.1.240';

/** Token usage of a typical turn. */
export const TURN = { input: 120, output: 480, cacheWrite: 2_000, cacheRead: 16_000 };

/** A Claude folder as named by `CLAUDE_CONFIG_DIR`, with its `projects/` folder. */
export class ClaudeFolder {
  /** The sum of all tokens written, of all four kinds. */
  tokens = 0;

  constructor(folder) {
    this.folder = folder;
    mkdirSync(path.join(folder, 'projects'), { recursive: true });
  }

  /** Creates a session in a project. Its log file is created with the first line. */
  session({ project = '/home/ada/projects/orrery', id = randomUUID(), title, model = MODEL } = {}) {
    return new Session(this, { project, id, title, model });
  }
}

class Session {
  #claude;

  constructor(claude, { project, id, title, model }) {
    this.#claude = claude;
    Object.assign(this, { project, id, model });
    const folder = path.join(claude.folder, 'projects', project.replaceAll(/[^A-Za-z0-9]/g, '-'));
    mkdirSync(folder, { recursive: true });
    this.log = path.join(folder, `${id}.jsonl`);
    if (title) this.#write({ type: 'ai-title', aiTitle: title, sessionId: id });
  }

  /** Appends one assistant message with its usage, and returns its tokens. */
  answer(usage = TURN, { at = new Date(), model = this.model } = {}) {
    this.#write(assistantLine(this, usage, at, model));
    const tokens = usage.input + usage.output + usage.cacheWrite + usage.cacheRead;
    this.#claude.tokens += tokens;
    return tokens;
  }

  #write(line) {
    appendFileSync(this.log, `${JSON.stringify(line)}\n`);
  }
}

function assistantLine({ id, project }, usage, at, model) {
  return {
    parentUuid: randomUUID(),
    isSidechain: false,
    userType: 'external',
    cwd: project,
    sessionId: id,
    version: VERSION,
    gitBranch: 'main',
    message: {
      id: `msg_01${randomUUID().replaceAll('-', '').slice(0, 22)}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text: 'Synthetic answer.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      usage: loggedUsage(usage),
    },
    requestId: `req_01${randomUUID().replaceAll('-', '').slice(0, 22)}`,
    type: 'assistant',
    uuid: randomUUID(),
    timestamp: at.toISOString(),
  };
}

function loggedUsage({ input, output, cacheWrite, cacheRead }) {
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    service_tier: 'standard',
  };
}
