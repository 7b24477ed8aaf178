/** A listener on a free port before a fake mesh, for one test file. */
import { afterEach, beforeEach } from "vitest";
import { parseReceiveLimits } from "../../contract/receive-limits.ts";
import { makeCertificate } from "../smtp/certificate.ts";
import { SmtpListener } from "../smtp/listener.ts";
import { MeshDoor } from "../smtp/mesh-door.ts";
import { FakeMesh } from "./fake-mesh.ts";
import { SmtpDialogue } from "./smtp-dialogue.ts";

export interface Fixture {
  mesh: FakeMesh;
  listener: SmtpListener;
  port: number;
  reports: string[];
  dialogue: () => Promise<SmtpDialogue>;
  /** What a new connection is greeted with. */
  greeting: () => Promise<string>;
}

export interface FixtureOptions {
  maxMessageBytes?: number;
  timeoutMilliseconds?: number;
  /** As RECEIVE_LIMITS says it; none without it. */
  limits?: string;
}

const certificate = makeCertificate("mx.test");

/** Sets up before each test and takes down after it; the returned object is filled anew each time. */
export function useListener(options: FixtureOptions = {}): Fixture {
  const fixture = {} as Fixture;
  let dialogues: SmtpDialogue[] = [];
  let door: MeshDoor;

  beforeEach(async () => {
    fixture.mesh = new FakeMesh();
    fixture.reports = [];
    door = new MeshDoor({
      url: await fixture.mesh.start(),
      ingestSecret: "ingest-secret",
      askTimeoutMilliseconds: options.timeoutMilliseconds ?? 5_000,
      deliverTimeoutMilliseconds: options.timeoutMilliseconds ?? 5_000,
    });
    fixture.listener = new SmtpListener({
      hostname: "mx.test",
      certificate: await certificate,
      door,
      limits: parseReceiveLimits(options.limits ?? "off"),
      report: (line) => fixture.reports.push(line),
      ...(options.maxMessageBytes === undefined ? {} : { maxMessageBytes: options.maxMessageBytes }),
    });
    fixture.port = await fixture.listener.start(0, "127.0.0.1");
    fixture.greeting = () => {
      const dialogue = SmtpDialogue.connect(fixture.port);
      dialogues.push(dialogue);
      return dialogue.reply();
    };
    fixture.dialogue = async () => {
      const dialogue = await SmtpDialogue.open(fixture.port);
      dialogues.push(dialogue);
      return dialogue;
    };
  });

  afterEach(async () => {
    for (const dialogue of dialogues) dialogue.end();
    dialogues = [];
    await fixture.listener.stop(100);
    door.close();
    await fixture.mesh.stop();
  });

  return fixture;
}
