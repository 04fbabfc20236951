import { recordPage } from "@/app/[accountToken]/record-page";
import { AssignmentPage } from "@/components/vehicle-assignments/assignment-page";
import { getAssignment } from "@/lib/vehicle-assignments/list-assignment-rows";

const { generateMetadata, Page } = recordPage({
  noun: "vehicleAssignment",
  permission: "vehicleAssignments.read",
  read: getAssignment,
  show: ({ record, ...shown }) => <AssignmentPage {...shown} assignment={record} />,
});

export { generateMetadata };
export default Page;
