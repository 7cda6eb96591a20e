#include "passes.hpp"

#include "allocations.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace laws {

std::string description(std::span<const std::string_view> layers, ln::dims input) {
    std::string text;
    for (const std::string_view layer : layers)
        text.append(text.empty() ? "" : ", ").append(layer);
    return text.append(" on ").append(ln::to_string(input));
}

namespace {

template <class T>
void copy(const Numbers& from, T* to, std::size_t extent) {
    REQUIRE(from.size() == extent);
    std::transform(from.begin(), from.end(), to, [](double n) { return static_cast<T>(n); });
}

} // namespace

template <class T>
PassIn<T>::PassIn(int lanes_, int extent) : Pass{lanes_}, extent_{static_cast<std::size_t>(extent)} {
    for (auto* array : {&parameters_, &gradients_}) {
        array->reset(static_cast<T*>(std::aligned_alloc(64, extent_ * sizeof(T))));
        std::fill_n(array->get(), extent_, T(0));
    }
}
template <class T>
void PassIn<T>::Free::operator()(T* array) const noexcept {
    std::free(array);
}
template <class T>
void PassIn<T>::set_parameters(const Numbers& parameters) {
    copy(parameters, parameters_.get(), extent_);
}
template <class T>
void PassIn<T>::set_gradients(const Numbers& gradients) {
    copy(gradients, gradients_.get(), extent_);
}
template <class T>
Numbers PassIn<T>::gradients() const {
    return {gradients_.get(), gradients_.get() + extent_};
}
template class PassIn<float>;
template class PassIn<double>;

Trial::Trial(const Network& network_, int samples_)
    : network{network_}, samples{static_cast<std::size_t>(samples_)}, r{numbers(samples * network.out, 7)} {
    for (std::size_t s = 0; s < samples; ++s) {
        const Numbers own = separated(network.in, 100 + s);
        x.insert(x.end(), own.begin(), own.end());
    }
    // Weights as they start, but no two alike and no bias zero, or mistakes could hide. Numbers that float
    // holds exactly, so that it and double compute from the same.
    std::uint64_t seed = 11;
    for (const auto [offset, size] : network.views) {
        double* p = network.parameters.data() + offset;
        for (const double noise : numbers(static_cast<std::size_t>(size), ++seed)) {
            *p = double{static_cast<float>(*p == 0 ? noise / 2 : *p * (1 + noise / 2))};
            ++p;
        }
    }
}

Results run(const Trial& trial, MakePass make, int garbage) {
    const Network& network = trial.network;
    const auto pass = make(garbage);
    const auto lanes = static_cast<std::size_t>(pass->lanes);
    REQUIRE(trial.samples % lanes == 0);
    pass->set_parameters(network.parameters);
    Numbers old(network.parameters.size()); // zero where it is padding
    for (const auto [offset, size] : network.views)
        std::fill_n(old.begin() + offset, size, std::numeric_limits<double>::quiet_NaN());
    pass->set_gradients(old);

    Results results{Numbers(trial.r.size()), Numbers(trial.x.size()), {}, network.views};
    const std::size_t before = allocations();
    for (std::size_t s = 0; s < trial.samples; s += lanes) {
        pass->forward(trial.x.data() + s * network.in, results.y.data() + s * network.out);
        pass->backward(trial.r.data() + s * network.out, results.dx.data() + s * network.in, s == 0);
    }
    const std::size_t after = allocations();
    INFO("forward and backward allocate nothing");
    CHECK(after == before);
    results.dp = pass->gradients();
    check_padding_is_zero(results.dp, results.views);
    return results;
}

Numbers run_forward(const Trial& trial, MakePass make) {
    const auto pass = make(0xFF);
    pass->set_parameters(trial.network.parameters);
    Numbers y(trial.r.size());
    const std::size_t before = allocations();
    for (std::size_t s = 0; s < trial.samples; s += static_cast<std::size_t>(pass->lanes))
        pass->forward(trial.x.data() + s * trial.network.in, y.data() + s * trial.network.out);
    const std::size_t after = allocations();
    INFO("forward allocates nothing");
    CHECK(after == before);
    return y;
}

Results run(const Trial& trial, const std::vector<Alone>& layers) {
    std::vector<std::unique_ptr<Pass>> passes;
    const double* parameters = trial.network.parameters.data();
    for (const Alone& layer : layers) {
        const double* end = parameters + layer.network.parameters.size();
        passes.push_back(layer.pass(0xFF));
        passes.back()->set_parameters({parameters, end});
        parameters = end;
    }
    Results results;
    for (std::size_t s = 0; s < trial.samples; ++s) {
        const double *x = trial.x.data() + s * trial.network.in, *r = trial.r.data() + s * trial.network.out;
        Numbers here{x, x + trial.network.in}, next;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            next.resize(layers[i].network.out);
            passes[i]->forward(here.data(), next.data());
            here = next;
        }
        results.y.insert(results.y.end(), here.begin(), here.end());
        here.assign(r, r + trial.network.out);
        for (std::size_t i = layers.size(); i-- > 0;) {
            next.resize(layers[i].network.in);
            passes[i]->backward(here.data(), next.data(), false);
            here = next;
        }
        results.dx.insert(results.dx.end(), here.begin(), here.end());
    }
    for (const auto& pass : passes) {
        const Numbers own = pass->gradients();
        results.dp.insert(results.dp.end(), own.begin(), own.end());
    }
    return results;
}

Results central_differences(Trial trial, MakePass make, double step) {
    const auto pass = make(0xFF);
    Numbers& parameters = trial.network.parameters;
    Numbers above(trial.r.size()), below(trial.r.size());
    const auto forward = [&](Numbers& y) {
        pass->set_parameters(parameters);
        pass->forward(trial.x.data(), y.data());
    };
    const auto derivative = [&](double& number) {
        const double here = number;
        number = here + step;
        forward(above);
        number = here - step;
        forward(below);
        number = here;
        double sum = 0; // most outputs do not depend on this number, and cancel without a trace
        for (std::size_t i = 0; i < above.size(); ++i)
            sum += trial.r[i] * (above[i] - below[i]);
        return sum / (2 * step);
    };
    Results results{Numbers(trial.r.size()), {}, Numbers(parameters.size()), trial.network.views};
    forward(results.y);
    for (double& x : trial.x)
        results.dx.push_back(derivative(x));
    for (const auto [offset, size] : trial.network.views)
        for (auto i = static_cast<std::size_t>(offset); i < static_cast<std::size_t>(offset + size); ++i)
            results.dp[i] = derivative(parameters[i]);
    return results;
}

} // namespace laws
