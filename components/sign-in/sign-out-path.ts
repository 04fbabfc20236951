/** Where a form's POST from our own pages signs out. */
export const SIGN_OUT_PATH = "/api/auth/signout";
