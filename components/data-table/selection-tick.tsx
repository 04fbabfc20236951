import { MixedCheckbox } from "@/components/ui/checkbox";

export type SelectionTickProps = {
  label: string;
  checked: boolean;
  mixed?: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
};

export function SelectionTick({ label, checked, mixed = false, disabled, onChange }: SelectionTickProps) {
  return (
    <label>
      <MixedCheckbox
        aria-label={label}
        checked={checked}
        mixed={mixed}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
