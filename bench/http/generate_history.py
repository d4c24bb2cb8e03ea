"""A chat history as JSON Lines on stdout: generate_history.py EVENTS CONVERSATIONS

The same for the same numbers. As in `weir bench`, conversations are named conversation-N, have equally many messages
of about 200 bytes, and take turns in an order that looks random.
"""

import json
import random
import sys

WORDS = ("the quick reply to what was asked before mentions a train, a table for four at eight in the evening, "
         "the weather of tomorrow, a song somebody hummed and the price of two tickets in the balcony").split()
SHORTEST, LONGEST = 150, 250


def make_content(rng, number):
    length = rng.randint(SHORTEST, LONGEST)
    text = f"#{number}"
    while len(text) < length:
        text += " " + rng.choice(WORDS)
    return text[:length].rstrip()


def make_event(rng, number, conversation):
    is_user = rng.random() < 0.5
    event = {
        "conversation_id": f"conversation-{conversation}",
        "type": "user_message" if is_user else "assistant_message",
        "role": "user" if is_user else "assistant",
        "content": make_content(rng, number),
    }
    if is_user:
        event["request_id"] = f"request-{number}"
    return event


def generate(events, conversations):
    rng = random.Random(1)
    turns = list(range(conversations))
    for number in range(events):
        if number % conversations == 0:
            rng.shuffle(turns)
        yield make_event(rng, number, turns[number % conversations])


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: generate_history.py EVENTS CONVERSATIONS")
    for event in generate(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(event))


if __name__ == "__main__":
    main()
