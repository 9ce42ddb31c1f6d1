// What is wrong with a form, on top, with links to the fields: it takes the focus so that nobody has to look for it.
import { useEffect, useRef } from "preact/hooks";
import { errorOf, type Form } from "./form.ts";
import { t } from "./text.ts";

export function ErrorSummary({ form }: { readonly form: Form }) {
  const box = useRef<HTMLDivElement>(null);
  const errors = form.errors.value;
  useFocusOnNewErrors(form, box);
  if (errors.length === 0) return null;
  return (
    <div class="card returned" role="alert" tabIndex={-1} ref={box} data-testid="errors">
      <h2>{t("problem.summary")}</h2>
      <ul>
        {errors.map(({ field, key, values }) => (
          <li key={field}>
            {field === "save" ? (
              t(key, values)
            ) : (
              <a
                href={`#field-${field}`}
                onClick={(event) => {
                  event.preventDefault();
                  goToField(field);
                }}
              >
                {t(key, values)}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Only a refused submit brings new errors at once; mending a field takes single ones away and must not steal focus. */
function useFocusOnNewErrors(form: Form, box: { readonly current: HTMLDivElement | null }): void {
  const before = useRef(0);
  const count = form.errors.value.length;
  useEffect(() => {
    if (count > before.current) box.current?.focus();
    before.current = count;
  }, [count, box]);
}

/** Shows a field and puts the cursor into it; parts that are folded up open. */
export function goToField(field: string): void {
  const target = document.getElementById(`field-${field}`);
  target?.closest("details")?.setAttribute("open", "");
  target?.scrollIntoView({ block: "center" });
  const control = target?.matches("fieldset") ? target.querySelector<HTMLElement>("input, select") : target;
  control?.focus();
}

/** The title of a screen says that something is wrong, for those who hear the page. */
export function titleWithProblem(title: string, form: Form): string {
  return form.errors.value.some(({ field }) => errorOf(form, field))
    ? t("problem.title-prefix", { title })
    : title;
}
