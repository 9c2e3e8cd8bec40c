// What stands where something could not be drawn: the rest of the page goes on.
import { Component, type ReactNode } from "react";

interface Props {
  what: string;
  children: ReactNode;
}

export class Failure extends Component<Props, { reason: string | null }> {
  override state = { reason: null };

  static getDerivedStateFromError(error: unknown) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.reason === null) return this.props.children;
    return (
      <p className="failure" role="alert">
        <strong>{this.props.what} could not be drawn.</strong> {this.state.reason}
      </p>
    );
  }
}
