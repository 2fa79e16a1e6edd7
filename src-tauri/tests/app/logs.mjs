// Made-up Claude Code logs. Every line is invented here; ids are unique, so that each message counts once, and what
// was written is remembered, so that a test knows the right total without asking the program.

import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const MODEL = 'claude-sonnet-4-5-20250929';
const VERSION = '2.1.240';

/** A message as large as a usual turn. */
export const TURN = { input: 120, output: 480, cacheWrite: 2_000, cacheRead: 16_000 };

/** A folder as `CLAUDE_CONFIG_DIR` names it, with a `projects/` folder in it. */
export class ClaudeFolder {
  /** Every token written, all four kinds, each message once. */
  tokens = 0;

  constructor(folder) {
    this.folder = folder;
    mkdirSync(path.join(folder, 'projects'), { recursive: true });
  }

  /** Begins a session in a project; its log appears with its first line. */
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

  /** Appends one answer with its usage, and returns the tokens it adds. */
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
      content: [{ type: 'text', text: 'Made up.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: wireUsage(usage),
    },
    requestId: `req_01${randomUUID().replaceAll('-', '').slice(0, 22)}`,
    type: 'assistant',
    uuid: randomUUID(),
    timestamp: at.toISOString(),
  };
}

function wireUsage({ input, output, cacheWrite, cacheRead }) {
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    service_tier: 'standard',
  };
}
