// A fake Messages API with streaming. It records each call with the usage it billed, and emits `call` when one begins,
// `piece` after each piece of a stream and `end` when a call has ended.
//
// A refused call bills nothing. A call whose stream ends early is billed in full, as the model has produced its answer.

import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';

import { DEFAULT_REPLY, LABEL_REPLY, STATE_REPLY, SUMMARY_REPLY, findReply } from './replies.mjs';

const DEFAULT_PAUSE = 5;
const DEFAULT_PIECES = 4;
/** Gives the client time to read what was sent before the connection drops. */
const DROP_DELAY = 1000;
const PROMPT_TAG = /play:([A-Za-z]+)\s*$/;
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789';

export class MessagesApi extends EventEmitter {
  /** All calls in the order of their arrival. */
  calls = [];
  /** The scenario that new calls belong to. */
  scenario = '';
  #server = createServer((request, response) => void this.#answer(request, response));
  #refusals = new Map();

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** The calls of a scenario that were billed. */
  billedCalls(scenario) {
    return this.calls.filter((call) => call.scenario === scenario && call.ending !== 'refused');
  }

  /** True while a call is being answered. */
  get isBusy() {
    return this.calls.some((call) => call.ending === null);
  }

  async #answer(request, response) {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const body = parseBody(chunks);
    const { pathname } = new URL(request.url, 'http://localhost');
    if (request.method === 'HEAD') return void response.writeHead(200).end();
    if (pathname === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 1000 });
    if (pathname !== '/v1/messages' || body === null) return sendError(response, 404, 'not_found_error', 'Not found');
    await this.#bill(request, body, response);
  }

  async #bill(request, body, response) {
    const number = this.calls.length + 1;
    const purpose = findPurpose(body);
    const { name, answers } = findPrompt(body.messages ?? []);
    const reply = replyFor(purpose, name, answers);
    const call = {
      number,
      scenario: this.scenario,
      session: request.headers['x-claude-code-session-id'] ?? null,
      purpose,
      model: body.model,
      messageId: makeId('msg', number),
      usage: makeUsage(number, reply, body),
      reply: name,
      ending: null,
    };
    this.calls.push(call);
    this.emit('call', call);
    if (this.#isRefused(reply, name)) {
      sendError(response, reply.refuse, 'overloaded_error', 'Overloaded', call);
      call.ending = 'refused';
    } else if (!body.stream) {
      sendJson(response, 200, makeMessage(call, reply, makeBlocks(reply, number)), call);
      call.ending = 'whole';
    } else {
      call.ending = await this.#stream(call, reply, response);
    }
    this.emit('end', call);
  }

  #isRefused(reply, name) {
    if (!reply.refuse) return false;
    const refusals = this.#refusals.get(name) ?? 0;
    this.#refusals.set(name, refusals + 1);
    return refusals < reply.times;
  }

  /** Streams a reply and returns its ending: `whole`, `drop`, `error`, or `closed` if the client closed the connection. */
  async #stream(call, reply, response) {
    const pause = reply.pause ?? DEFAULT_PAUSE;
    const send = async (type, fields) => {
      if (response.closed || response.destroyed) throw new ClosedError();
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
      await wait(pause);
      this.emit('piece', call);
    };
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': makeId('req', call.number) });
    try {
      const blocks = makeBlocks(reply, call.number);
      const started = { ...makeMessage(call, reply, []), stop_reason: null, usage: { ...call.usage, output_tokens: 1 + (call.number % 7) } };
      await send('message_start', { message: started });
      for (const [index, block] of blocks.entries()) await sendBlock(send, index, block, reply.pieces ?? DEFAULT_PIECES);
      if (reply.ending === 'drop') {
        await wait(DROP_DELAY);
        response.destroy();
        return 'drop';
      }
      if (reply.ending === 'error') {
        await send('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
        response.end();
        return 'error';
      }
      const { stop_reason, usage } = makeMessage(call, reply, blocks);
      await send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage });
      await send('message_stop', {});
      response.end();
      return 'whole';
    } catch (error) {
      if (!(error instanceof ClosedError)) throw error;
      return 'closed';
    }
  }
}

class ClosedError extends Error {}

async function sendBlock(send, index, block, pieces) {
  if (block.type === 'text') {
    await send('content_block_start', { index, content_block: { type: 'text', text: '' } });
    const size = Math.ceil(block.text.length / pieces);
    for (let at = 0; at < block.text.length; at += size) {
      await send('content_block_delta', { index, delta: { type: 'text_delta', text: block.text.slice(at, at + size) } });
    }
  } else if (block.type === 'thinking') {
    await send('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } });
    await send('content_block_delta', { index, delta: { type: 'thinking_delta', thinking: block.thinking } });
    await send('content_block_delta', { index, delta: { type: 'signature_delta', signature: block.signature } });
  } else {
    await send('content_block_start', { index, content_block: { ...block, input: {} } });
    await send('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: JSON.stringify(block.input) } });
  }
  await send('content_block_stop', { index });
}

/** Returns the reason for a call: `answer`, or one of the client's own calls. */
function findPurpose(body) {
  const system = textOf(body.system).toLowerCase();
  const last = textOf(body.messages?.at(-1)?.content).toLowerCase();
  if (/detailed summary of (the|this|our) conversation|create a detailed summary/.test(last)) return 'compaction';
  if (last.includes('word lowercase label')) return 'label';
  if (system.includes('which of four states')) return 'state';
  return body.tools?.length > 0 ? 'answer' : 'other';
}

function replyFor(purpose, name, answers) {
  if (purpose === 'compaction') return SUMMARY_REPLY;
  if (purpose === 'label') return LABEL_REPLY;
  if (purpose === 'state') return STATE_REPLY;
  return name === null ? DEFAULT_REPLY : findReply(name, answers);
}

/**
 * Finds the tag of the last prompt that has one, and the number of answers since. A prompt ends with its tag; the client's
 * own notes may quote older prompts elsewhere.
 */
function findPrompt(messages) {
  let name = null;
  let answers = 0;
  for (const message of messages) {
    if (message.role === 'assistant') {
      answers += 1;
      continue;
    }
    const tag = textsOf(message.content).map((text) => PROMPT_TAG.exec(text)).findLast((match) => match !== null);
    if (tag) [name, answers] = [tag[1], 0];
  }
  return { name, answers };
}

function textOf(content) {
  return textsOf(content).join('\n');
}

function textsOf(content) {
  if (typeof content === 'string') return [content];
  return (content ?? []).map((block) => block.text ?? '');
}

/** Returns made-up usage. It differs from call to call, so that a call in the wrong place shows in every sum. */
function makeUsage(number, reply, body) {
  const written = 500 + ((number * 613) % 4001);
  const forOneHour = JSON.stringify(body.system ?? '').includes('"ttl":"1h"');
  return {
    input_tokens: 2 + ((number * 7) % 31),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: 9000 + ((number * 1777) % 20011),
    cache_creation: { ephemeral_5m_input_tokens: forOneHour ? 0 : written, ephemeral_1h_input_tokens: forOneHour ? written : 0 },
    output_tokens: reply.output ?? 20 + ((number * 7919) % 907),
    service_tier: 'standard',
  };
}

function makeBlocks(reply, number) {
  return reply.blocks.map((block, index) => {
    if (block.type === 'tool_use') return { ...block, id: makeId('toolu', number * 100 + index) };
    return block.type === 'thinking' ? { ...block, signature: 'bWFkZS11cA==' } : block;
  });
}

function makeMessage(call, reply, content) {
  const stopReason = reply.blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
  const { messageId: id, model, usage } = call;
  return { id, type: 'message', role: 'assistant', model, content, stop_reason: stopReason, stop_sequence: null, usage };
}

/** Returns an id in the form of the real API's, unique in a run. */
function makeId(prefix, number) {
  let id = '';
  for (let state = number * 7919 + 12345; id.length < 22; state = (state * 48271) % 2147483647) id += LETTERS[state % LETTERS.length];
  return `${prefix}_01${String(number).padStart(4, '0')}${id.slice(4)}`;
}

function parseBody(chunks) {
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}

function sendJson(response, status, body, call) {
  response.writeHead(status, { 'content-type': 'application/json', ...(call && { 'request-id': makeId('req', call.number) }) });
  response.end(JSON.stringify(body));
}

function sendError(response, status, type, message, call) {
  sendJson(response, status, { type: 'error', error: { type, message } }, call);
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
