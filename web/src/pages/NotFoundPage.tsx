import { Compass } from "lucide-react";
import { Link } from "react-router";
import { strings } from "../strings";
import { Empty } from "../ui/States";

export function NotFoundPage() {
  return (
    <Empty
      icon={<Compass size={20} />}
      title={strings.nav.notFound}
      actions={
        <Link to="/workflows" className="font-medium text-accent text-sm hover:underline">
          {strings.nav.goHome}
        </Link>
      }
    >
      {strings.nav.notFoundDetail}
    </Empty>
  );
}
