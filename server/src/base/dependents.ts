/** A set that is small for few members, as nearly all sets of dependents are. */

/** More members than this are kept in a `Set`, which takes far more room. */
const FEW = 24;

export class Dependents<T extends object> {
  /** One member, or several. */
  private members: T | T[] | Set<T> | undefined;

  add(member: T): void {
    const members = this.members;
    if (members === undefined) this.members = member;
    else if (members instanceof Set) members.add(member);
    else if (!Array.isArray(members)) {
      if (members !== member) this.members = [members, member];
    } else if (!members.includes(member)) {
      // An array that `push` makes longer has room for many more.
      this.members = members.length < FEW ? members.concat(member) : new Set(members).add(member);
    }
  }

  delete(member: T): void {
    const members = this.members;
    if (members === undefined) return;
    if (members instanceof Set) members.delete(member);
    else if (!Array.isArray(members)) {
      if (members === member) this.members = undefined;
    } else {
      const at = members.indexOf(member);
      if (at < 0) return;
      const last = members.pop() as T;
      if (at < members.length) members[at] = last;
    }
  }

  get isEmpty(): boolean {
    const members = this.members;
    return (
      members === undefined ||
      (members instanceof Set ? members.size : Array.isArray(members) ? members.length : 1) === 0
    );
  }

  /** Calls `visit` for each member; members must not come or go meanwhile. */
  forEach(visit: (member: T) => void): void {
    const members = this.members;
    if (members === undefined) return;
    if (members instanceof Set || Array.isArray(members)) for (const member of members) visit(member);
    else visit(members);
  }
}
