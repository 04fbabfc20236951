"use client";

export { default } from "./[accountToken]/error";
