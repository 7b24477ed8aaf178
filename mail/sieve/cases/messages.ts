/** The messages that the cases are about. Lines end with CRLF on the way. */
const message = (text: string): string => `${text.trim().replace(/\r?\n/g, "\r\n")}\r\n`;

export const MESSAGES = {
  plain: message(`
Received: from mx.example.net by mail.example.com; Sat, 28 Nov 2026 11:00:01 +0000
Received: from laptop by mx.example.net; Sat, 28 Nov 2026 10:59:30 +0100
From: "Ann Lee, of \\"Sales\\"" <ann+news@Example.ORG>
To: bob@example.com, Carol <carol@example.net>
Cc: dave@sub.example.com
Subject: Hello World [list] *urgent*
Date: Sat, 28 Nov 2026 23:30:15 -0500
Message-ID: <1@example.org>
X-Score: 0042 points
X-Words: none
X-Folded: one
 two
X-Empty:
X-Twice: first
X-Twice: second
X-Twice: third
List-Id: The list <list.example.org>
X-Path: a\\b?c

Dear Bob,
buy cheap widgets now.
`),
  encoded: message(`
From: =?utf-8?B?w4RubmU=?= <anne@xn--bcher-kva.example>
To: =?us-ascii?Q?Bob?= <bob@example.com>
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_?= =?iso-8859-1?Q?aus_K=F6ln?=
X-Unknown: =?x-no-such?Q?abc?=
Date: Fri, 27 Nov 2026 08:00:00 +0000

Hi
`),
  mime: message(`
From: ann@example.org
To: bob@example.com
Subject: parts
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

preamble
--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

VGhlIHNlY3JldCB3b3JkIGlzIHhleHh5Lgo=
--inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>The <b class=3D"loud">secret</b> word is plugh.</p>
--inner--
--outer
Content-Type: application/octet-stream
Content-Transfer-Encoding: base64

AAECAwQ=
--outer--
`),
  odd: message(`
Sender: not an address
To: undisclosed-recipients:;
Cc: friends: eve@example.org, frank@example.net;
Reply-To: ann@example.org (Ann), "quoted local"@example.org
X-Long: ${"a".repeat(400)}
Date: no date at all

`),
} as const;
