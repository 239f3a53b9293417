import type { ReactNode } from 'react';

interface FieldProps {
  name: string;
  label: string;
  isRequired?: boolean;
  keyHint?: string;
  fault: string | null;
  children: ReactNode;
}

/** A label, its control, and beside it what is wrong with it. */
export function Field({ name, label, isRequired, keyHint, fault, children }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={`field-${name}`}>
        {label}
        {isRequired && <span aria-hidden="true">*</span>} {keyHint && <kbd>{keyHint}</kbd>}
      </label>
      <div className="field-body">
        {children}
        {fault && (
          <p id={`fault-${name}`} className="fault" role="alert">
            {fault}
          </p>
        )}
      </div>
    </div>
  );
}
