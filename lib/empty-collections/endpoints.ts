import { z } from "zod";

import { defineListEndpoint, defineNestedListEndpoint, type Endpoint } from "@/lib/public-api/define-endpoint";
import { readRef } from "@/lib/public-api/stages/parse";
import { readVehicleRef, vehicleRefText } from "@/lib/vehicles/schema";
import { emptyList, listNothing, listNothingOfVehicle } from "./api-queries";
import { EMPTY_COLLECTIONS } from "./policy";

const common = {
  permission: "emptyCollections.read",
  account: "customer",
  present: () => ({}),
  shape: z.never(),
} as const;
const owner = readRef(readVehicleRef, vehicleRefText);

/** The list, its archive, and those of one vehicle. */
const defineEmptyCollection = (name: string): Endpoint[] => [
  defineListEndpoint({ ...common, path: `/${name}`, list: emptyList(name), run: listNothing }),
  defineListEndpoint({
    ...common,
    path: `/${name}/archived`,
    list: emptyList(name, `${name}/archived`),
    run: listNothing,
  }),
  defineNestedListEndpoint({
    ...common,
    path: `/vehicles/:id/${name}`,
    owner,
    list: emptyList(name, `vehicles/${name}`),
    run: listNothingOfVehicle,
  }),
];
const defineEmptyCollections = (names: readonly string[]) => names.flatMap(defineEmptyCollection);

/** Any key that reaches the account may see that there is nothing. */
export const emptyCollections = defineEmptyCollections(EMPTY_COLLECTIONS);
