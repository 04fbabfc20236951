import { RecordHistory } from "@/components/audit-log/record-history";
import { customFieldFacts } from "@/components/custom-fields/custom-field-facts";
import { sayAmount } from "@/components/fuel-entries/fuel-entry-words";
import { FactList } from "@/components/record/fact-list";
import { Breadcrumb, RecordSection, SectionLink } from "@/components/record/record-section";
import { RelatedList } from "@/components/record/related-list";
import { PageHead } from "@/components/shell/page-head";
import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { ReadingTime } from "@/components/meter-entries/reading-time";
import { Time } from "@/components/ui/time";
import { formatDate } from "@/components/ui/time-format";
import { AssignmentSpan } from "@/components/vehicle-assignments/assignment-span";
import type { HistoryRow } from "@/lib/audit-log/queries";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { FuelEntryRecord } from "@/lib/fuel-entries/presenter";
import type { MeterEntryWithVehicle } from "@/lib/meter-entries/presenter";
import type { VehicleAssignmentRecord } from "@/lib/vehicle-assignments/presenter";
import { vinWarning } from "@/lib/vehicles/policy";
import type { VehicleDetails } from "@/lib/vehicles/list-vehicle-rows";
import { sayMonth, sayOwnership, saySystem, sayVolumeUnit } from "./vehicle-fields";
import { VehiclePageActions } from "./vehicle-verbs";
import { sayMeter, sayModel, StatusDot } from "./vehicle-words";

export interface VehiclePageProps {
  readonly accountToken: string;
  readonly vehicle: VehicleDetails;
  readonly definitions: readonly CustomFieldDefinition[];
  /** Those that go on and those to come. */
  readonly assignments: readonly VehicleAssignmentRecord[];
  readonly meterEntries: readonly MeterEntryWithVehicle[];
  readonly fuelEntries: readonly FuelEntryRecord[];
  /** Null for a viewer who may not read the audit log. */
  readonly history: readonly HistoryRow[] | null;
}

/** A vehicle's own page: what is known of it, who has it, and the latest of its entries. */
export function VehiclePage(props: VehiclePageProps) {
  const { accountToken, vehicle, definitions, history } = props;
  const { id, name, verbs } = vehicle;
  const doubt = vinWarning(vehicle.vin);
  return (
    <>
      <Breadcrumb href={`/${accountToken}/vehicles`}>Vehicles</Breadcrumb>
      <PageHead
        title={name}
        purpose={sayModel(vehicle) || vehicle.typeName}
        action={<VehiclePageActions accountToken={accountToken} vehicle={{ id, name, verbs }} />}
      />
      {vehicle.archivedAt !== null && (
        <Notice className="mb-5">
          Archived since <Time value={vehicle.archivedAt.toISOString()} zone />. It is left out of the list of current
          vehicles.
        </Notice>
      )}
      {doubt !== null && (
        <Notice tone="warn" className="mb-5">
          {doubt}
        </Notice>
      )}
      <div className="grid gap-8 lg:grid-cols-2">
        <Facts vehicle={vehicle} />
        <div className="grid content-start gap-8">
          <Assignments {...props} />
          <Entries {...props} />
        </div>
        <Measures vehicle={vehicle} />
        {definitions.length > 0 && (
          <RecordSection id="custom-fields" title="Custom fields">
            <FactList facts={customFieldFacts(definitions, vehicle.customFields)} />
          </RecordSection>
        )}
      </div>
      {history !== null && (
        <RecordHistory entries={history} logHref={`/${accountToken}/audit-log?record=vehicle:${id}`} noun="vehicle" />
      )}
    </>
  );
}

const day = (value: string | null) => (value === null ? null : formatDate(new Date(value), "UTC"));

function Facts({ vehicle }: { vehicle: VehicleDetails }) {
  const { statusName, statusColor, archivedAt, vin, externalIds, registrationExpirationMonth: month } = vehicle;
  const others = Object.entries(externalIds).map(([system, value]) => `${system}: ${value}`);
  return (
    <RecordSection id="facts" title="Facts">
      <FactList
        facts={[
          {
            label: "Status",
            value: (
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <StatusDot name={statusName} color={statusColor} />
                {archivedAt !== null && <Badge tone="off">Archived</Badge>}
              </span>
            ),
          },
          { label: "Type", value: vehicle.typeName },
          { label: "VIN", value: vin && <span className="font-mono">{vin}</span> },
          { label: "License plate", value: vehicle.licensePlate },
          { label: "Make and model", value: sayModel(vehicle) },
          { label: "Trim", value: vehicle.trim, ifKnown: true },
          { label: "Color", value: vehicle.color, ifKnown: true },
          { label: "Labels", value: vehicle.labels.join(", "), ifKnown: true },
          { label: "Ownership", value: sayOwnership(vehicle.ownership) },
          { label: "Registration state", value: vehicle.registrationState, ifKnown: true },
          { label: "Registration expires in", value: sayMonth(month), ifKnown: true },
          { label: "Other systems", value: others.join(", "), ifKnown: true },
          { label: "Date added", value: <Time value={vehicle.createdAt.toISOString()} zone /> },
          { label: "Last changed", value: <Time value={vehicle.updatedAt.toISOString()} zone /> },
        ]}
      />
    </RecordSection>
  );
}

function Measures({ vehicle }: { vehicle: VehicleDetails }) {
  const { primaryMeterUnit: unit, secondaryMeterUnit: second, estimatedResalePriceCents: cents } = vehicle;
  const meter = (value: string | null) => value && sayMeter(value, unit);
  const perDay = vehicle.primaryMeterUsagePerDay;
  return (
    <RecordSection id="measures" title="Meter, fuel and service life">
      <FactList
        facts={[
          {
            label: "Meter",
            value:
              vehicle.primaryMeterDate &&
              `${sayMeter(vehicle.primaryMeterValue, unit)} on ${day(vehicle.primaryMeterDate) ?? ""}`,
          },
          { label: "Use per day", value: perDay && sayMeter(perDay, unit), ifKnown: true },
          {
            label: "Second meter",
            value: second && vehicle.secondaryMeterDate && sayMeter(vehicle.secondaryMeterValue, second),
            ifKnown: true,
          },
          { label: "Fuel type", value: vehicle.fuelTypeName },
          { label: "Fuel unit", value: sayVolumeUnit(vehicle.fuelVolumeUnits) },
          { label: "System of measurement", value: saySystem(vehicle.systemOfMeasurement) },
          { label: "In service since", value: day(vehicle.inServiceDate), ifKnown: true },
          { label: "Meter then", value: meter(vehicle.inServiceMeterValue), ifKnown: true },
          { label: "Out of service since", value: day(vehicle.outOfServiceDate), ifKnown: true },
          { label: "Meter at the end", value: meter(vehicle.outOfServiceMeterValue), ifKnown: true },
          {
            label: "Estimated service life",
            value: vehicle.estimatedServiceMonths !== null && `${vehicle.estimatedServiceMonths} months`,
            ifKnown: true,
          },
          { label: "Replace at", value: meter(vehicle.estimatedReplacementMileage), ifKnown: true },
          {
            label: "Estimated resale price",
            value: cents !== null && (cents / 100).toLocaleString("en", { minimumFractionDigits: 2 }),
            ifKnown: true,
          },
        ]}
      />
    </RecordSection>
  );
}

function Assignments({ accountToken, vehicle, assignments }: VehiclePageProps) {
  return (
    <RecordSection
      id="assignments"
      title="Assignments"
      aside={
        <SectionLink href={`/${accountToken}/vehicle-assignments?vehicle=${vehicle.id}`}>All assignments</SectionLink>
      }
    >
      <RelatedList
        empty="Nobody has this vehicle, and nobody is to have it."
        items={assignments.map(({ id, contact, isCurrent, startedAt, endedAt }) => ({
          key: id,
          main: (
            <Link href={`/${accountToken}/vehicle-assignments/${id}`} className="font-medium hover:underline">
              {contact.name}
            </Link>
          ),
          sub: <AssignmentSpan assignment={{ startedAt, endedAt }} />,
          aside: isCurrent ? <Badge tone="ok">Current</Badge> : <Badge tone="warn">To come</Badge>,
        }))}
      />
    </RecordSection>
  );
}

function Entries({ accountToken, vehicle, meterEntries, fuelEntries }: VehiclePageProps) {
  const unitOf = (kind: "primary" | "secondary") =>
    kind === "primary" ? vehicle.primaryMeterUnit : (vehicle.secondaryMeterUnit ?? vehicle.primaryMeterUnit);
  return (
    <>
      <RecordSection
        id="meter-entries"
        title="Latest meter entries"
        aside={
          <SectionLink href={`/${accountToken}/meter-entries?vehicle=${vehicle.id}`}>All meter entries</SectionLink>
        }
      >
        <RelatedList
          empty="No meter entry yet."
          items={meterEntries.map(({ id, kind, value, date, takenAt, isVoid }) => ({
            key: id,
            main: (
              <span className={isVoid ? "text-text-3 line-through" : undefined}>{sayMeter(value, unitOf(kind))}</span>
            ),
            sub: [kind === "secondary" && "Second meter", isVoid && "Void"].filter(Boolean).join(", "),
            aside: <ReadingTime date={date} takenAt={takenAt?.toISOString() ?? null} />,
          }))}
        />
      </RecordSection>
      <RecordSection
        id="fuel-entries"
        title="Latest fuel entries"
        aside={<SectionLink href={`/${accountToken}/fuel-entries?vehicle=${vehicle.id}`}>All fuel entries</SectionLink>}
      >
        <RelatedList
          empty="No fuel entry yet."
          items={fuelEntries.map(({ id, volume, volumeUnits, totalAmount, currencySymbol, vendorName, date }) => ({
            key: id,
            main: `${Number(volume).toLocaleString("en")} ${sayVolumeUnit(volumeUnits)?.replace("Liters", "liters") ?? ""}`,
            sub: [vendorName, totalAmount && `for ${sayAmount(totalAmount, currencySymbol)}`]
              .filter(Boolean)
              .join(", "),
            aside: <Time value={date.toISOString()} style="date" />,
          }))}
        />
      </RecordSection>
    </>
  );
}
