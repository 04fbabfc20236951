import { handleAuthRequest } from "@/lib/sign-in/handle-auth-request";

export const GET = handleAuthRequest;
export const POST = handleAuthRequest;
