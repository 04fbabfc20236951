"use client";

import { Link } from "@/components/ui/link";
import { useRouter } from "next/navigation";
import {
  createContext,
  use,
  useCallback,
  useMemo,
  useOptimistic,
  useTransition,
  type ComponentProps,
  type MouseEvent,
  type ReactNode,
} from "react";

export type Navigation = {
  pending: boolean;
  /** Where it is going to while it is pending. */
  target: string | null;
  navigate: (href: string, how?: { replace?: boolean }) => void;
};

const NavigationContext = createContext<Navigation | null>(null);

/** Around a list and its toolbar: their links then share one pending state, so that the list can say it is being renewed. */
export function NavigationProvider({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [target, aimAt] = useOptimistic<string | null>(null);
  const navigate = useCallback<Navigation["navigate"]>(
    (href, how) =>
      startTransition(() => {
        aimAt(href);
        if (how?.replace) router.replace(href, { scroll: false });
        else router.push(href, { scroll: false });
      }),
    [router, aimAt],
  );
  const value = useMemo(() => ({ pending, target, navigate }), [pending, target, navigate]);
  return <NavigationContext value={value}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation | null {
  return use(NavigationContext);
}

export type NavLinkProps = Omit<ComponentProps<typeof Link>, "href"> & { href: string };

export function NavLink({ href, onClick, ...rest }: NavLinkProps) {
  const navigation = useNavigation();
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (!navigation || elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    navigation.navigate(href);
  };
  return <Link {...rest} href={href} scroll={false} prefetch={false} onClick={go} />;
}
