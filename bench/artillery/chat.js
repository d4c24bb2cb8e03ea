// What a virtual user of chat.yaml does. Artillery's own `send` takes the first frame for the answer; here an answer is
// an acknowledgement, deltas that join to the message, and the message.

'use strict';

const { randomUUID } = require('node:crypto');

const ANSWER_LIMIT_MS = 10_000;

// The frames that answer `request`, the final one last.
function answerTo(socket, request) {
  return new Promise((resolve, reject) => {
    const frames = [];
    const timer = setTimeout(() => reject(new Error('no answer in time')), ANSWER_LIMIT_MS);
    const end = (settle, what) => {
      clearTimeout(timer);
      socket.onmessage = null;
      socket.onclose = null;
      settle(what);
    };
    socket.onclose = () => end(reject, new Error('closed before the answer'));
    socket.onmessage = ({ data }) => {
      frames.push(JSON.parse(data));
      const { type } = frames.at(-1);
      if (type === 'message' || type === 'error') end(resolve, frames);
    };
    socket.send(JSON.stringify(request));
  });
}

function check(frames, request) {
  const last = frames.at(-1);
  if (last.type === 'error') throw new Error(`answered with an error ${last.status}`);
  if (frames[0].type !== 'ack') throw new Error('not acknowledged first');
  const said = frames.slice(1, -1).map((frame) => frame.content).join('');
  if (said !== last.event.content) throw new Error('the deltas are not the message');
  if (said !== `Echo: ${request.message}`) throw new Error('answers something else');
}

async function say(context, events) {
  context.vars.conversation ??= `user-${randomUUID()}`;
  const request = {
    message: 'The quick brown fox jumps over the lazy dog while the weir keeps the level of the river',
    conversation_id: context.vars.conversation,
    request_id: randomUUID(),
  };
  const start = performance.now();
  try {
    check(await answerTo(context.ws, request), request);
  } catch (error) {
    events.emit('error', error.message);
    throw error;
  }
  events.emit('counter', 'chat.answered', 1);
  events.emit('histogram', 'chat.answer_ms', performance.now() - start);
}

module.exports = { say };
