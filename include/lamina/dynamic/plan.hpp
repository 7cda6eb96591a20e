// The plan of a network whose topology is known only at run time: the table, operations and workspaces of
// topology/, in lists that grow, and the same functions on them.
#pragma once

#include <lamina/topology/fuse.hpp>
#include <lamina/topology/workspace.hpp>

#include <cstddef>
#include <vector>

namespace lamina::inline LAMINA_ABI::topology {

/// A list that grows, with ints as indices like an array.
template <class T>
class Grown {
  public:
    void resize(int count) { all_.resize(static_cast<std::size_t>(count)); }
    [[nodiscard]] T& operator[](int i) noexcept { return all_[static_cast<std::size_t>(i)]; }
    [[nodiscard]] const T& operator[](int i) const noexcept { return all_[static_cast<std::size_t>(i)]; }

  private:
    std::vector<T> all_;
};

} // namespace lamina::inline LAMINA_ABI::topology

namespace lamina::inline LAMINA_ABI::dynamic {

using topology::Concats, topology::Fusion, topology::OperationNeeds, topology::Purpose, topology::run_time,
    topology::Samples;
using Table = topology::Table<run_time, run_time, run_time>;
using Flow = topology::Flow<run_time, run_time, run_time>;

/// The operations of a pass, and where their values lie. For `topology::too_many_values` and
/// `too_many_in_training` there is `flow`.
struct Plan {
    Purpose purpose = Purpose::inference;
    topology::Operations<run_time> operations = {};
    topology::Workspace<run_time> workspace = {};

    Plan(const Table& table, Purpose of, Fusion fusion)
        : purpose{of}, operations{topology::fuse(table, fusion, of)} {}

    /// To ask what an operation reads, how long values are needed, ... It refers to both.
    [[nodiscard]] Flow flow(const Table& table) const noexcept { return {table, operations, purpose}; }
};

/// Inference of one sample or of a pack, as `topology::Plan::inference`.
[[nodiscard]] inline Plan plan_inference(const Table& table, Samples samples, Fusion fusion = Fusion::on) {
    Plan plan{table, Purpose::inference, fusion};
    const Flow flow = plan.flow(table);
    plan.workspace = topology::place_values(flow, samples, Concats::in_place);
    if (table.concats())
        if (auto copied = topology::place_values(flow, samples, Concats::copied);
            topology::best_concats(plan.workspace, copied) == Concats::copied)
            plan.workspace = copied;
    return plan;
}

/// Training of a pack, as `topology::Plan::training`; `needs(flow, op)` gives what operation `op` needs.
[[nodiscard]] Plan plan_training(const Table& table, bool input_gradient, auto needs,
                                 Fusion fusion = Fusion::on) {
    Plan plan{table, Purpose::training, fusion};
    const Flow flow = plan.flow(table);
    std::vector<OperationNeeds> all;
    for (int op = 0; op < plan.operations.count; ++op)
        all.push_back(needs(flow, op));
    plan.workspace = topology::place_training(flow, input_gradient, all.data());
    return plan;
}

} // namespace lamina::inline LAMINA_ABI::dynamic
