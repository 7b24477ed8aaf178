/**
 * Whom a request is meant for: a page's cookie is that of whoever signed in last in its browser, which another tab may
 * have seen to. Where the session is another account's, the answer is 401 and nothing is done.
 */
export const ACCOUNT_HEADER = "mailmesh-account";
