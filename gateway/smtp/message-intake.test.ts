import { PassThrough } from "node:stream";
import type { SMTPServerDataStream } from "smtp-server";
import { expect, it, vi } from "vitest";
import { MessageIntake } from "./message-intake.ts";

const aStream = (): SMTPServerDataStream => Object.assign(new PassThrough(), { byteLength: 0, sizeExceeded: false });
const ignore = () => undefined;

it("a whole message is held until it is released", async () => {
  const intake = new MessageIntake(100);
  const stream = aStream();
  const taken = intake.take(stream, ignore);
  stream.write("abc");
  stream.end("def");
  const message = await taken;
  if (message.outcome !== "complete") throw new Error(message.outcome);
  expect([Buffer.concat(message.chunks).toString(), message.size, intake.held]).toEqual(["abcdef", 6, 6]);
  message.release();
  expect(intake.held).toBe(0);
});

it("what is over the size is read to its end and not kept", async () => {
  const intake = new MessageIntake(10);
  const stream = aStream();
  const taken = intake.take(stream, ignore);
  stream.write("x".repeat(8));
  stream.write("x".repeat(8));
  stream.end("x".repeat(8));
  expect(await taken).toEqual({ outcome: "too_large" });
  expect(intake.held).toBe(0);
});

it("a message that finds no room in the shared budget is put off, and the others go on", async () => {
  const intake = new MessageIntake(100, 10);
  const [first, second] = [aStream(), aStream()];
  const [one, two] = [intake.take(first, ignore), intake.take(second, ignore)];
  first.write("x".repeat(8));
  await vi.waitFor(() => expect(intake.held).toBe(8));
  second.end("x".repeat(8));
  expect(await two).toEqual({ outcome: "no_room" });
  first.end("xx");
  expect(await one).toMatchObject({ outcome: "complete", size: 10 });
});

it("a client that does not stop after three times the size is cut off", async () => {
  const intake = new MessageIntake(10);
  const stream = aStream();
  const cutOff = vi.fn(() => stream.destroy());
  const taken = intake.take(stream, cutOff);
  for (let n = 0; n < 4; n++) stream.write("x".repeat(10));
  expect(await taken).toEqual({ outcome: "gone" });
  expect(cutOff).toHaveBeenCalled();
});

it("a connection that breaks gives its memory back", async () => {
  const intake = new MessageIntake(100);
  const stream = aStream();
  const taken = intake.take(stream, ignore);
  stream.write("half");
  await vi.waitFor(() => expect(intake.held).toBe(4));
  stream.destroy(new Error("reset"));
  expect(await taken).toEqual({ outcome: "gone" });
  expect(intake.held).toBe(0);
});
