/** Sends raw messages over SMTP as a real client does (nodemailer's own connection), one connection for many. */
import SMTPConnection from "nodemailer/lib/smtp-connection";

export interface SmtpClient {
  /** Resolves with the server's 250, rejects with its refusal or the connection's end. */
  send(from: string, to: string[], raw: Buffer): Promise<string>;
  close(): void;
}

export function connectSmtp(port: number, { lmtp = false } = {}): Promise<SmtpClient> {
  const connection = new SMTPConnection({ host: "127.0.0.1", port, lmtp, ignoreTLS: true, name: "client.example" });
  return new Promise((resolve, reject) => {
    let fail: (error: Error) => void = reject;
    connection.on("error", (error) => fail(error));
    connection.on("end", () => fail(new Error("connection ended")));
    connection.connect(() => {
      resolve({
        send: (from, to, raw) =>
          new Promise((sent, refused) => {
            fail = refused;
            connection.send({ from, to }, raw, (error, info) => {
              if (error) refused(error);
              else sent(info.response);
            });
          }),
        close: () => {
          fail = () => undefined;
          connection.quit();
        },
      });
    });
  });
}
