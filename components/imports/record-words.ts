import { importedResource, type ImportedRecord } from "@/lib/resources";

/** "1 vehicle", "2,500 vehicles". */
export function countOf(count: number, record: ImportedRecord): string {
  const { one, many } = importedResource(record);
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
