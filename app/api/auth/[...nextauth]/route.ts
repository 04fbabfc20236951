import { handleAuthRequest } from "@/lib/sign-in/auth-route";

export const GET = handleAuthRequest;
export const POST = handleAuthRequest;
