import type { Folder } from "../source/folder-walk.ts";
import { decodeText, joinPath, type Snapshot } from "../source/snapshot.ts";
import { documentKind } from "./document-kind.ts";

/** Infrastructure code of another kind: found, not scanned yet. */
export interface NotScanned {
  readonly kind: "terragrunt" | "cloudformation" | "kubernetes" | "pulumi";
  /** The template's file for CloudFormation, else the folder. */
  readonly path: string;
}

export interface InspectionLimits {
  /** YAML and JSON files whose text is looked at. */
  readonly documents: number;
  /** Larger ones are not looked at. */
  readonly documentBytes: number;
}

const TERRAGRUNT = /^(?:terragrunt|terragrunt\.stack|root)\.hcl$/;
const PULUMI = /^Pulumi\.ya?ml$/;
const KUBERNETES_NAMES = /^(?:Chart\.ya?ml|kustomization(?:\.ya?ml)?|Kustomization)$/;
const DOCUMENT = /\.(?:ya?ml|json|template)$/;
const LOCK_FILES = /^(?:package-lock|pnpm-lock|composer|tsconfig.*|package)\.(?:json|ya?ml)$/;
const TERRAFORM_JSON = /\.(?:tf|tofu)\.json$/;

/** Looks for other tools' files, and counts how many documents it opened over all the folders it is shown. */
export class ToolInspection {
  readonly found: NotScanned[] = [];
  readonly #snapshot: Snapshot;
  readonly #limits: InspectionLimits;
  readonly #charts: string[] = [];
  #opened = 0;

  constructor(snapshot: Snapshot, limits: InspectionLimits) {
    this.#snapshot = snapshot;
    this.#limits = limits;
  }

  /** There were more documents than the limit allows to open. */
  get cutShort(): boolean {
    return this.#opened > this.#limits.documents;
  }

  /** Folders must come before those inside them: all below a Helm chart or a kustomization belongs to it. */
  look(folder: Folder): void {
    const { path, files } = folder;
    if (files.some((name) => TERRAGRUNT.test(name))) this.found.push({ kind: "terragrunt", path });
    if (files.some((name) => PULUMI.test(name))) this.found.push({ kind: "pulumi", path });
    if (this.#charts.some((chart) => isInside(path, chart))) return;
    const named = files.some((name) => KUBERNETES_NAMES.test(name));
    if (named) this.#charts.push(path);
    if (this.#lookIntoDocuments(folder) || named) this.found.push({ kind: "kubernetes", path });
  }

  #lookIntoDocuments({ path, files }: Folder): boolean {
    let kubernetes = false;
    for (const name of files) {
      if (!DOCUMENT.test(name) || LOCK_FILES.test(name) || TERRAFORM_JSON.test(name)) continue;
      const place = joinPath(path, name);
      const text = place === null ? null : this.#open(place);
      if (place === null || text === null) continue;
      const kind = documentKind(text);
      if (kind === "cloudformation") this.found.push({ kind, path: place });
      if (kind === "kubernetes") kubernetes = true;
    }
    return kubernetes;
  }

  #open(path: string): string | null {
    this.#opened += 1;
    if (this.cutShort) return null;
    const bytes = this.#snapshot.read(path);
    return bytes === undefined || bytes.length > this.#limits.documentBytes ? null : decodeText(bytes);
  }
}

function isInside(path: string, folder: string): boolean {
  return folder === "." || path === folder || path.startsWith(`${folder}/`);
}
